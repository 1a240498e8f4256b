data "aws_iam_user" "auditor" {
  user_name = "auditor"
}

resource "aws_iam_access_key" "auditor" {
  user = data.aws_iam_user.auditor.user_name
}

resource "aws_iam_access_key" "courier" {
  user = "courier"
}
