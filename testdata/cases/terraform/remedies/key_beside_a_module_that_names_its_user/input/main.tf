module "x" {
  source = "./x"
}

resource "aws_iam_access_key" "extra" {
  user = "ci"
}
