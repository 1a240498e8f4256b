variable "settings" {
  type = any
}

resource "aws_iam_access_key" "first" {
  user = try(var.settings.user, "runner")
}

resource "aws_iam_access_key" "second" {
  user = "worker"
}

resource "aws_iam_access_key" "third" {
  count = can(var.settings.user) ? 0 : 1
  user  = "other"
}
