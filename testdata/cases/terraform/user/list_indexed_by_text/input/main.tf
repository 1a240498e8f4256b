variable "slot" {
  type = string
}

resource "aws_iam_user" "loader" {
  name = "loader"
}

resource "aws_iam_access_key" "fixed" {
  user = aws_iam_user.loader.name
}

resource "aws_iam_access_key" "chosen" {
  user = ["loader", "reader"][var.slot]
}
