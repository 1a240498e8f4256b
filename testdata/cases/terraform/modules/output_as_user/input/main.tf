module "publisher" {
  source = "./modules/service-user"
  name   = "publisher"
}

resource "aws_iam_access_key" "cms" {
  user = module.publisher.user_name
}

resource "aws_iam_access_key" "import" {
  user = "publisher"
}
