locals {
  parts = split("-", terraform.workspace)
  all   = setproduct(reverse(distinct(local.parts)), ["ci"])
}

resource "aws_iam_access_key" "one" {
  user = "ci"
}

resource "aws_iam_access_key" "two" {
  count = length(concat([], local.parts)) == 0 || length(flatten([[local.parts]])) == 0 || length(local.all) == 0 ? 1 : 0
  user  = "ci"
}
