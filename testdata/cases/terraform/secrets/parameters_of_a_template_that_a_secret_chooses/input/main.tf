variable "production" {
  type      = bool
  sensitive = true
  default   = true
}

resource "aws_cloudformation_stack" "users" {
  name          = "users"
  parameters    = { User = "deploy" }
  template_body = var.production ? file("${path.module}/live.txt") : file("${path.module}/trial.txt")
}
