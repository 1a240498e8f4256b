variable "user" {
  type = string
}

resource "aws_iam_access_key" "key" {
  user = "deploy"
}

output "of" {
  value = var.user
}
