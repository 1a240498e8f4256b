variable "n" {
  type = number
}

resource "aws_iam_access_key" "first" {
  user   = "deploy"
  status = var.n > 1 ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "second" {
  user   = "deploy"
  status = var.n < 2 ? "Active" : "Inactive"
}
