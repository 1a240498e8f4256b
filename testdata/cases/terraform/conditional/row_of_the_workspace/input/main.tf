resource "aws_iam_access_key" "one" {
  user = "ci"
}

resource "aws_iam_access_key" "two" {
  count = length(csvdecode("name\n${terraform.workspace}")) != 1 ? 1 : 0
  user  = "ci"
}
