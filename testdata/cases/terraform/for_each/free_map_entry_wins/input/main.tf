variable "extra" {
  type = map(string)
}

locals {
  key = merge(var.extra, { status = "Active" })
}

resource "aws_iam_access_key" "one" {
  user   = "archiver"
  status = local.key.status
}

resource "aws_iam_access_key" "two" {
  user = "archiver"
}
