variable "user" {}

data "template_file" "keys" {
  template = file("${path.module}/keys.yaml")
  vars = {
    user  = var.user
    other = "other-${var.user}"
  }
}

resource "aws_cloudformation_stack" "keys" {
  name          = "keys"
  template_body = data.template_file.keys.rendered
}
