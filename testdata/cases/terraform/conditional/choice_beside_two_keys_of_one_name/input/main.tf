variable "blue" {
  type = bool
}

resource "aws_iam_access_key" "chosen" {
  user = var.blue ? "blue" : "green"
}

resource "aws_iam_access_key" "first" {
  user = "blue"
}

resource "aws_iam_access_key" "second" {
  user = "blue"
}
