variable "a" {
  type = string
}

variable "b" {
  type = string
}

resource "aws_iam_access_key" "one" {
  user = "deploy"
}

resource "aws_iam_access_key" "two" {
  user   = "deploy"
  status = var.a == var.b && startswith(var.a, "ci-") && !startswith(var.b, "ci-") ? "Active" : "Inactive"
}
