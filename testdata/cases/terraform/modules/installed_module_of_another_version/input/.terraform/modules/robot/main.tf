variable "login" {
  type = string
}

resource "aws_iam_user" "this" {
  name = var.login
}

module "credentials" {
  source  = "example/credentials/aws"
  version = "~> 1.2"
  login   = aws_iam_user.this.name
}

output "login" {
  value = aws_iam_user.this.name
}
