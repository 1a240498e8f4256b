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
  status = var.a + 1 < var.b && var.b < var.a ? "Active" : "Inactive"
}
