variable "on" {
  type = map(bool)
}

resource "aws_iam_access_key" "first" {
  user   = "deploy"
  status = contains(keys(var.on), "second") ? "Active" : "Inactive"
}
resource "aws_iam_access_key" "second" {
  user   = "deploy"
  status = lookup(var.on, "second", null) == null ? "Active" : "Inactive"
}
