locals {
  unnamed = [
    md5("x-${terraform.workspace}") == md5("x-a"),
    format("%-5s", terraform.workspace) == "a    ",
    jsonencode({ env = sha1(terraform.workspace) }) == jsonencode({ env = sha1("a") }),
    indent(2, terraform.workspace) == "",
    join("", split("", terraform.workspace)) == "",
    contains(split("", terraform.workspace), ""),
    length(yamlencode(terraform.workspace)) == 3,
    regex("^(.*)$", terraform.workspace)[0] == "",
    regex("(?P<name>.+)", terraform.workspace).name == "",
  ]
}

resource "aws_iam_access_key" "first" {
  user = "ci"
}

resource "aws_iam_access_key" "second" {
  count = anytrue(local.unnamed) ? 1 : 0
  user  = "ci"
}
