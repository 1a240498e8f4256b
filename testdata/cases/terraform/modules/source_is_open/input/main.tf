variable "flavour" {
  type = string
}

module "robot" {
  source = "./${var.flavour}"
}

resource "aws_iam_access_key" "robot" {
  count = 2
  user  = "backup"
}
