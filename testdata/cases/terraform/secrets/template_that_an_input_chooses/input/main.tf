variable "production" {
  type    = bool
  default = false
}

resource "aws_cloudformation_stack" "users" {
  name          = "users"
  template_body = var.production ? file("${path.module}/live.txt") : file("${path.module}/trial.txt")
}
