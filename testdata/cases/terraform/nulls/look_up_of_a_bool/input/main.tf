variable "on" {
  type = map(bool)
}

resource "aws_iam_access_key" "first" {
  user = "deploy"
}
resource "aws_iam_access_key" "second" {
  user   = "deploy"
  status = lookup(var.on, "second", null) == null ? "Active" : "Inactive"
}
