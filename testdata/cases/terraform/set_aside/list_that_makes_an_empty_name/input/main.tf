variable "name_parts" {
  type    = list(string)
  default = []
}

resource "aws_iam_user" "deploy" {
  name = join("-", var.name_parts)
}

resource "aws_iam_access_key" "old" {
  user = aws_iam_user.deploy.name
}

resource "aws_iam_access_key" "new" {
  user = aws_iam_user.deploy.name
}
