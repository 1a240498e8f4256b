variable "user" { default = "inner" }
resource "aws_iam_access_key" "k" { user = var.user }
