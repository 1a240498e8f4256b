variable "a" {
  type = string
}

variable "b" {
  type = string
}

resource "aws_iam_access_key" "one" {
  user   = "ci"
  status = sha256(var.a) == sha256(var.b) ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "two" {
  user   = "ci"
  status = var.a == var.b ? "Inactive" : "Active"
}
