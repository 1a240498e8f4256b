variable "name" {
  type = string
}

resource "aws_iam_user" "this" {
  name = var.name
}

output "user_name" {
  value = aws_iam_user.this.name
}
