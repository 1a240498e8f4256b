module "keys" {
  source = "./somewhere-else/keys"
}

resource "aws_iam_access_key" "one" {
  user = "archiver"
}
