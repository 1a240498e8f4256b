resource "aws_iam_access_key" "one" {
  user = "ci"
}

resource "aws_iam_access_key" "two" {
  count = length(compact(split("-", terraform.workspace))) == 0 ? 1 : 0
  user  = "ci"
}
