variable "user" {
  type = string
}

resource "aws_cloudformation_stack" "keys" {
  name          = "keys"
  template_body = replace(file("${path.module}/keys.yaml"), "ROBOT", var.user)
}
