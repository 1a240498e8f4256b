variable "names" {
  type = set(string)

  validation {
    condition     = length(setsubtract(var.names, ["ci", "deploy"])) == 0
    error_message = "Only ci and deploy."
  }
}

resource "aws_iam_access_key" "each" {
  for_each = var.names
  user     = "ci"
}
