# A bool whose false value brings the second key.
variable "off" { type = bool }
locals { on = var.off ? 0 : 1 }
resource "aws_iam_access_key" "free" { user = "free" }
resource "aws_iam_access_key" "free_too" {
  count = local.on
  user  = "free"
}

# What decides is not shown.
variable "env" {
  default   = "prod"
  sensitive = true
}
resource "aws_iam_access_key" "live" { user = "live" }
resource "aws_iam_access_key" "live_too" {
  count = var.env == "prod" ? 1 : 0
  user  = "live"
}

# The number is another user's too, and `for_each` takes none.
locals { pairs = [{ user = "pair", n = 2 }] }
resource "aws_iam_access_key" "pair" {
  for_each = merge([for p in local.pairs : { for i in range(p.n) : "${p.user}-${i}" => p.user }]...)
  user     = each.value
}
module "singles" {
  source = "./singles"
  pairs  = local.pairs
}

# One list in two calls: without an element the user has no key at all.
locals { users = toset(["both", "one"]) }
module "left" {
  source   = "./called"
  for_each = local.users
  user     = each.key
}
module "right" {
  source   = "./called"
  for_each = setsubtract(local.users, ["one"])
  user     = each.key
}

# Three keys, two of which have a switch of their own.
module "first" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  version = "5.0.0"
  name    = "three"
}
module "second" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-user"
  version = "5.0.0"
  name    = "three"
}
resource "aws_iam_access_key" "third" { user = "three" }

# A user that a module's default names, called in two ways and two modules deep.
module "outer_a" { source = "./outer" }
module "outer_b" { source = "./outer" }

# Elements that are counted: nobody else's key may move.
locals { counted = ["before", "counted", "counted", "counted", "after"] }
resource "aws_iam_access_key" "counted" {
  count = length(local.counted)
  user  = local.counted[count.index]
}

# Elements that are no list, in order all the same, with a status already.
locals { numbered = [{ user = "before", n = 1, first = 0 }, { user = "numbered", n = 1 + 1, first = 1 }] }
resource "aws_iam_access_key" "numbered" {
  for_each = merge([for u in local.numbered : { for i in range(u.n) : "${u.first + i}" => u.user }]...)
  user     = "${each.value}-numbered"
  status   = "Active"
}

# Two instances of a call: a condition on the block's own instance would be for both.
module "instances" {
  source   = "./instances"
  for_each = toset(["a", "b"])
  other    = each.key
}

# One instance of the call lacks a key that the other one has.
module "lacking" {
  source   = "./lacking"
  for_each = toset(["x", "y"])
  n        = each.key
}
