resource "aws_cloudformation_stack" "users" {
  name          = "users"
  template_body = file("${path.module}/users.yaml")
}

resource "aws_iam_access_key" "robot" {
  user = aws_cloudformation_stack.users.outputs["Robot"]
}
