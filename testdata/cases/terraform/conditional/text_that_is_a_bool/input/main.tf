variable "switch" {
  type = string
}

resource "aws_iam_user" "loader" {
  name = "loader"
}

resource "aws_iam_access_key" "switched" {
  count = can(tobool(var.switch)) ? 1 : 0
  user  = aws_iam_user.loader.name
}

resource "aws_iam_access_key" "numbered" {
  count = var.switch == "1" ? 1 : 0
  user  = aws_iam_user.loader.name
}
