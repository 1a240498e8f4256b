module "a" {
  source = "./m"
  user   = "ci"
}

resource "aws_iam_access_key" "x" {
  user = "ci"
}
