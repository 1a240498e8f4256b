locals {
  rows = [for line in split("\n", trimspace(file("${path.module}/keys.txt"))) : split(",", line)]
}

resource "aws_iam_access_key" "robot" {
  for_each = { for row in local.rows : row[1] => row[0] }
  user     = each.value
}
