variable "a" {
  type = number
}

variable "b" {
  type = number
}

resource "aws_iam_access_key" "one" {
  user = "deploy"
}

resource "aws_iam_access_key" "two" {
  user   = "deploy"
  status = !(var.a < var.b) && !(var.b < var.a) && var.a != var.b ? "Active" : "Inactive"
}
