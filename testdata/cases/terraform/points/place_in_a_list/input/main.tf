variable "env" {
  type = string
}

resource "aws_iam_access_key" "first" {
  user   = "deploy"
  status = index(["dev", "prod"], var.env) == 0 ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "second" {
  user   = "deploy"
  status = index(["dev", "prod"], var.env) == 1 ? "Active" : "Inactive"
}
