variable "stage" {
  type      = string
  sensitive = true
}

resource "aws_cloudformation_stack" "users" {
  name          = "users"
  template_body = file("${path.module}/${var.stage}.txt")
}
