module "again" {
  source = "./"
}

resource "aws_iam_access_key" "first" {
  user = "archiver"
}

resource "aws_iam_access_key" "second" {
  user = "archiver"
}
