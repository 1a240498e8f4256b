variable "keys" {
  type = number
}

resource "aws_iam_access_key" "deploy" {
  count  = ceil(var.keys / 2)
  user   = "deploy"
  status = count.index + 1 == ceil(var.keys / 2) ? "Active" : "Inactive"
}
