variable "team" { type = string }
variable "user" { type = string }

resource "aws_iam_access_key" "first" {
  count = "${var.team}/${var.user}" == "core/deploy" ? 1 : 0
  user  = var.user
}

resource "aws_iam_access_key" "second" {
  user = "core"
}
