variable "session" {
  type      = string
  ephemeral = true
  default   = "s"
}

resource "aws_iam_access_key" "ci" {
  count = ephemeralasnull({ id = "a", token = var.session }).token == null ? 2 : 1
  user  = "ci"
}
