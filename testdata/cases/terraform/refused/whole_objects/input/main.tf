resource "aws_iam_user" "mail" {
  name = "mail"
}

data "aws_iam_user" "web" {
  user_name = "web"
}

resource "aws_iam_access_key" "of_a_resource" {
  count = 2
  user  = aws_iam_user.mail
}

resource "aws_iam_access_key" "of_a_data_source" {
  count = 2
  user  = "team-${data.aws_iam_user.web}"
}

resource "aws_iam_access_key" "as_many_as_an_object" {
  count = aws_iam_user.mail
  user  = "mail"
}
