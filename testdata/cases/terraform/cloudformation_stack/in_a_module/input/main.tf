resource "aws_iam_user" "robot" {
  name = "robot"
}

resource "aws_iam_access_key" "own" {
  user = aws_iam_user.robot.name
}

module "spare" {
  source = "./spare"
  login  = aws_iam_user.robot.id
}
