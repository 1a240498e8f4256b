variable "on" {
  type      = bool
  sensitive = true
  default   = true
}

resource "aws_iam_access_key" "k" {
  for_each = var.on ? toset(["a", "b"]) : toset([])
  user     = "deploy"
}
