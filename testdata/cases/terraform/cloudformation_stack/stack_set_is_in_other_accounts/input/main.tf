resource "aws_iam_user" "robot" {
  name = "robot"
}

resource "aws_iam_access_key" "own" {
  user = aws_iam_user.robot.name
}

resource "aws_cloudformation_stack_set" "key" {
  name          = "key"
  template_body = file("key.yaml")
  parameters = {
    Login = "robot"
  }
}
