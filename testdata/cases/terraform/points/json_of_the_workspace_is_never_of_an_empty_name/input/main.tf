resource "aws_iam_access_key" "always" {
  user = "deploy"
}

resource "aws_iam_access_key" "k1" {
  count = jsonencode({ env = terraform.workspace }) == jsonencode({ env = "" }) ? 1 : 0
  user  = "deploy"
}

resource "aws_iam_access_key" "k2" {
  count = jsonencode([terraform.workspace]) == "[1]" ? 1 : 0
  user  = "deploy"
}

resource "aws_iam_access_key" "k3" {
  count = yamlencode({ env = terraform.workspace }) == yamlencode({ env = "" }) ? 1 : 0
  user  = "deploy"
}

resource "aws_iam_access_key" "k4" {
  count = length(jsonencode([terraform.workspace])) < 5 ? 1 : 0
  user  = "deploy"
}

resource "aws_iam_access_key" "k5" {
  count = jsonencode({ env = terraform.workspace }) == "{ \"env\": \"prod\" }" ? 1 : 0
  user  = "deploy"
}
