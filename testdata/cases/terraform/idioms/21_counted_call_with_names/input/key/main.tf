variable "name" {
  type = string
}

resource "aws_iam_access_key" "this" {
  user = var.name
}

output "id" {
  value = aws_iam_access_key.this.id
}
