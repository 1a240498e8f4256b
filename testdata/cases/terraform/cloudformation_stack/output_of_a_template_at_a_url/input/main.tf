resource "aws_cloudformation_stack" "users" {
  name         = "users"
  template_url = "https://example.com/users.yaml"
}

resource "aws_iam_access_key" "robot" {
  count = 2
  user  = aws_cloudformation_stack.users.outputs["RobotName"]
}
