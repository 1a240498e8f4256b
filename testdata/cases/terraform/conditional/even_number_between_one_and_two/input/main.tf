variable "shards" {
  type = number
}

resource "aws_iam_user" "loader" {
  name = "loader"
}

resource "aws_iam_access_key" "day" {
  count = var.shards % 2 == 0 ? 1 : 0
  user  = aws_iam_user.loader.name
}

resource "aws_iam_access_key" "night" {
  count = var.shards > 1 && var.shards < 2 ? 1 : 0
  user  = aws_iam_user.loader.name
}
