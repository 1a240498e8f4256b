# What a template file says itself is not shown; what it is given is, and what is decoded of what it says.
locals {
  given   = trimspace(templatefile("${path.module}/given.tftpl", { name = "nora" }))
  spelled = trimspace(templatefile("${path.module}/spelled.tftpl", { name = "nora" }))
  decoded = yamldecode(templatefile("${path.module}/user.yaml.tftpl", { stage = "dev" })).user
}

resource "aws_iam_access_key" "given" {
  count = 2
  user  = local.given
}

resource "aws_iam_access_key" "spelled" {
  count = 2
  user  = local.spelled
}

resource "aws_iam_access_key" "decoded" {
  count = 2
  user  = local.decoded
}

# The files are counted, nothing in them is of interest.
resource "aws_iam_access_key" "counted" {
  count = length(fileset(path.module, "keys/*"))
  user  = "counted"
}

# One key.
resource "aws_iam_access_key" "single" {
  user = templatefile("${path.module}/single.tftpl", {})
}

# Of its text the length is of interest.
resource "aws_iam_access_key" "long" {
  count = length(file("${path.module}/long.txt"))
  user  = "long"
}

# Which attribute a template reads, and under which key a decoded file looks, is what these files say.
variable "owners" {
  type = map(string)
}

variable "owner" {}

resource "aws_iam_access_key" "attribute" {
  count = 2
  user  = templatefile("${path.module}/attribute.tftpl", { owner = var.owner })
}

resource "aws_iam_access_key" "looked_up" {
  count = lookup(var.owners, jsondecode(file("${path.module}/key.json")).key, "") == "y" ? 2 : 0
  user  = "looked-up"
}
