variable "users" {
  type = set(string)
}

resource "aws_iam_access_key" "this" {
  for_each = {
    for pair in setproduct(var.users, ["blue", "green"]) :
    join("-", pair) => { user = pair[0], slot = pair[1] }
  }

  user = each.value.user
}
