variable "secret" {
  type      = string
  sensitive = true
  default   = "pw"
}

variable "teams" {
  type    = map(string)
  default = { a = "ci", b = "ci" }
}

resource "aws_iam_access_key" "ci" {
  for_each = try(tonumber(var.secret), can(length(var.secret))) ? toset(["a", "b"]) : toset([])
  user     = "ci"
}
