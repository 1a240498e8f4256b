variable "env" {
  type = string
  validation {
    condition     = contains(["dev", "prod"], var.env)
    error_message = "dev or prod"
  }
}

resource "aws_iam_access_key" "each" {
  for_each = fileset("${path.module}/keys/${var.env}", "*.pub")
  user     = "deploy"
}
