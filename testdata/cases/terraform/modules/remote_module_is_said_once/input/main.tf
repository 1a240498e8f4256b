module "a" {
  source = "example/unknown/aws"
}

module "b" {
  source = "example/unknown/aws"
}

resource "aws_iam_access_key" "only" {
  user = "robot"
}
