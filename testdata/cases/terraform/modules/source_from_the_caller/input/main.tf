module "outer" {
  source = "./outer"
  inner  = "../keys"
}

resource "aws_iam_access_key" "own" {
  user = "backup"
}
