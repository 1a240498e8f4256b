variable "deploy" {
  type = string
}

resource "aws_iam_access_key" "own" {
  user = split("/", var.deploy)[0]
}

resource "aws_iam_access_key" "ci" {
  count = var.deploy == "bot/prod" ? 1 : 0
  user  = "ci"
}
