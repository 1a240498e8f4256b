variable "old" {
  type = list(string)
}

resource "aws_iam_access_key" "first" {
  user = "deploy"
}
resource "aws_iam_access_key" "second" {
  user   = "deploy"
  status = one(var.old) == null ? "Active" : "Inactive"
}
