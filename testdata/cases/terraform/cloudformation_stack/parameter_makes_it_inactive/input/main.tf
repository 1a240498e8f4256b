resource "aws_iam_user" "robot" {
  name = "robot"
}

resource "aws_iam_access_key" "own" {
  user = aws_iam_user.robot.name
}

resource "aws_cloudformation_stack" "key" {
  name          = "key"
  template_body = file("${path.module}/key.yaml")
  parameters = {
    Login = aws_iam_user.robot.name
    KeyStatus = "Inactive"
  }
}
