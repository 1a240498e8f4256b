module "names" {
  source = "./names"
}

resource "aws_iam_access_key" "k" {
  count = 2
  user  = try(module.names.last, "deploy")
}
