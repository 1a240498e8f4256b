variable "env" {
  type = string
}

resource "aws_iam_access_key" "first" {
  user   = "deploy"
  status = [for e in ["prod", "dev"] : e if e == var.env] == ["dev"] ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "second" {
  user   = "deploy"
  status = var.env != "prod" ? "Active" : "Inactive"
}
