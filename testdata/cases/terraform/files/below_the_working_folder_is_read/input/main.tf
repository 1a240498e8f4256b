# Where Terraform is started nobody knows here, but what lies below it is there to be read.
locals {
  listed  = yamldecode(file(abspath("${path.module}/users.yaml")))
  named   = trimspace(file("${path.cwd}/user.txt"))
  beside  = trimspace(file(join("/", [dirname(abspath("main.tf")), "user.txt"])))
  written = trimspace(templatefile("${abspath(path.root)}/user.tftpl", { name = "dora" }))
  last    = basename(abspath("users/emil"))
}

resource "aws_iam_access_key" "listed" {
  for_each = toset(["a", "b"])
  user     = local.listed[each.key]
}

resource "aws_iam_access_key" "named" {
  user = local.named
}

resource "aws_iam_access_key" "beside" {
  user = local.beside
}

resource "aws_iam_access_key" "written" {
  count = 2
  user  = local.written
}

resource "aws_iam_access_key" "last" {
  count = length(fileset(abspath(path.module), "users/*"))
  user  = local.last
}
