variable "keys" {
  type = number
}

resource "aws_iam_access_key" "deploy" {
  count  = var.keys
  user   = "deploy"
  status = count.index < 2 ? "Active" : "Inactive"
}
