data "aws_iam_user" "robot" {
  user_name = "robot"
}

resource "aws_iam_access_key" "looked_up" {
  user = data.aws_iam_user.robot.id
}

resource "aws_iam_access_key" "literal" {
  user = "robot"
}
