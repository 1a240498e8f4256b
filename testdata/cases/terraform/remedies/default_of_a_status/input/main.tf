variable "former_status" {
  type    = string
  default = "Active"
}

resource "aws_iam_access_key" "current" {
  user = "ci"
}

resource "aws_iam_access_key" "former" {
  user   = "ci"
  status = var.former_status
}
