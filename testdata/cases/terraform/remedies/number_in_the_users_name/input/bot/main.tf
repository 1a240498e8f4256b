variable "keys" {
  type = number
}

resource "aws_iam_user" "bot" {
  name = "bot-${var.keys}"
}

resource "aws_iam_access_key" "bot" {
  count = var.keys
  user  = aws_iam_user.bot.name
}
