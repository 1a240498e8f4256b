variable "user_name" {
  type = string
}

variable "status" {
  type    = string
  default = "Active"
}

resource "aws_iam_access_key" "this" {
  user   = var.user_name
  status = var.status
}

output "id" {
  value = aws_iam_access_key.this.id
}
