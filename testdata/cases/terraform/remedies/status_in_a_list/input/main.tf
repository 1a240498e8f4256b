locals {
  statuses = ["Active", "Active", "Inactive"]
}

resource "aws_iam_access_key" "k" {
  count  = 3
  user   = "ci"
  status = local.statuses[count.index]
}
