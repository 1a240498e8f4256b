variable "name" {
  type        = string
  description = "The user's name"
}

variable "keys" {
  type        = number
  description = "How many access keys it gets"
  default     = 1
}

resource "aws_iam_user" "this" {
  name = var.name
  path = "/services/"
}

resource "aws_iam_access_key" "this" {
  count = var.keys
  user  = aws_iam_user.this.name
}

output "user_name" {
  value = aws_iam_user.this.name
}
