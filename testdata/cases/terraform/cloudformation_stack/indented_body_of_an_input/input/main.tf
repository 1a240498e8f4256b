variable "name" {
  type = string
}

resource "aws_cloudformation_stack" "s" {
  name          = "s"
  template_body = indent(2, templatefile("keys.tpl", { name = var.name }))
}
