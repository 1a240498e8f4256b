module "publisher" {
  source = "./modules/service-user"
  name   = "publisher"
}

module "subscriber" {
  source = "./modules/service-user"
  name   = "subscriber"
}

resource "aws_iam_access_key" "publisher" {
  user = module.publisher.user_name
}

resource "aws_iam_access_key" "subscriber" {
  user = module.subscriber.user_name
}
