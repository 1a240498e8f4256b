variable "secret" {
  type      = bool
  sensitive = true
  default   = true
}

variable "teams" {
  type    = map(string)
  default = { a = "ci", b = "ci" }
}

resource "aws_iam_access_key" "ci" {
  for_each = { for k, v in var.teams : k => v if var.secret }
  user     = "ci"
}
