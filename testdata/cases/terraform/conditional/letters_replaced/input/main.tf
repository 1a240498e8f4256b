variable "name" {
  type = string
}

resource "aws_iam_access_key" "replaced" {
  user   = "ci"
  status = replace(var.name, "-", "_") == "ci_deploy" ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "short" {
  user   = "ci"
  status = var.name != "ci_deploy" ? "Active" : "Inactive"
}
