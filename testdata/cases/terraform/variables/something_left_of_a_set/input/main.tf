variable "names" {
  type = set(string)
}

resource "aws_iam_access_key" "each" {
  count = length(setsubtract(var.names, ["ci", "deploy"])) < 0 ? 2 : 0
  user  = "ci"
}
