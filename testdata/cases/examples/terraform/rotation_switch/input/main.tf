resource "aws_iam_user" "uploader" {
  name = "media-uploader"
}

resource "aws_iam_access_key" "current" {
  user = aws_iam_user.uploader.name
}

resource "aws_iam_access_key" "next" {
  count = var.rotating ? 1 : 0

  user = aws_iam_user.uploader.name
}
