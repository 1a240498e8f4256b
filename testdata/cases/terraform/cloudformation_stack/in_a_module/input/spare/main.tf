variable "login" {
  type = string
}

locals {
  template = templatefile("${path.module}/key.json.tftpl", { login = var.login })
}

resource "awscc_cloudformation_stack" "key" {
  stack_name    = "spare"
  template_body = local.template
}
