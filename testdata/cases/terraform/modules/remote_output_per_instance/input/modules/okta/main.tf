variable "suffix" {
  type = string
}

module "label" {
  source     = "example-org/label/null"
  attributes = [var.suffix]
}

resource "aws_iam_user" "sync" {
  name = module.label.id
}

resource "aws_iam_access_key" "sync" {
  user = aws_iam_user.sync.name
}
