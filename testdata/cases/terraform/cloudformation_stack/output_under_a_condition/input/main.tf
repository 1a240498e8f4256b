variable "stage" {
  type = string
}

resource "aws_cloudformation_stack" "users" {
  name          = "users"
  parameters    = { Stage = var.stage }
  template_body = file("${path.module}/users.yaml")
}

resource "aws_iam_access_key" "robot" {
  count = var.stage == "live" ? 1 : 0
  user  = aws_cloudformation_stack.users.outputs["Robot"]
}
