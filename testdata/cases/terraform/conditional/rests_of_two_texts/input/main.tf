variable "a" {
  type = string
}

variable "b" {
  type = string
}

variable "c" {
  type = string
}

variable "d" {
  type = string
}

resource "aws_iam_access_key" "one" {
  user = "deploy"
}

resource "aws_iam_access_key" "two" {
  user   = "deploy"
  status = "${var.a}-${var.b}" != "${var.c}-${var.d}" && var.a == var.c && var.b != var.d ? "Active" : "Inactive"
}
