locals {
  users = toset(["reader", "writer"])
}

resource "aws_iam_access_key" "this" {
  for_each = {
    for pair in setproduct(local.users, ["blue", "green"]) :
    join("-", pair) => { user = pair[0], slot = pair[1] }
  }

  user = each.value.user
}
