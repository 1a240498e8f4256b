variable "names" {
  type = list(string)

  validation {
    condition     = alltrue([for name in var.names : contains(["build", "deploy"], name)])
    error_message = "Only build and deploy."
  }
}

resource "aws_iam_access_key" "first" {
  user = var.names[0]
}

resource "aws_iam_access_key" "ci" {
  user   = "ci"
  status = var.names[0] == "ci" ? "Active" : "Inactive"
}
