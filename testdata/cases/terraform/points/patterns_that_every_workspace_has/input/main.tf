resource "aws_iam_access_key" "always" {
  user = "deploy"
}

resource "aws_iam_access_key" "k1" {
  count = length(regexall(".", terraform.workspace)) == 0 ? 1 : 0
  user  = "deploy"
}

resource "aws_iam_access_key" "k2" {
  count = !can(regex("^[^/]+$", terraform.workspace)) ? 1 : 0
  user  = "deploy"
}

resource "aws_iam_access_key" "k3" {
  count = !can(regex("^.*$", "ci-${terraform.workspace}")) ? 1 : 0
  user  = "deploy"
}

resource "aws_iam_access_key" "k4" {
  count = can(regex("^\\s*$", terraform.workspace)) ? 1 : 0
  user  = "deploy"
}

resource "aws_iam_access_key" "k5" {
  count = can(regex("[ /]", terraform.workspace)) ? 1 : 0
  user  = "deploy"
}

resource "aws_iam_access_key" "k6" {
  count = strcontains(terraform.workspace, "/") ? 1 : 0
  user  = "deploy"
}

resource "aws_iam_access_key" "k7" {
  count = replace(terraform.workspace, "/\\s/", "") == "" ? 1 : 0
  user  = "deploy"
}
