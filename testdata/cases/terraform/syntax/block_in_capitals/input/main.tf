Resource "aws_iam_access_key" "mail" {
  count = 2
  user  = "mail"
}
