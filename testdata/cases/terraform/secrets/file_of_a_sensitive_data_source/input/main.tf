data "local_sensitive_file" "user" {
  filename = "${path.module}/user.json"
}

locals {
  user = jsondecode(data.local_sensitive_file.user.content)
}

resource "aws_iam_access_key" "blue" {
  user = local.user.name
}

resource "aws_iam_access_key" "green" {
  user   = local.user.name
  status = local.user.status
}
