locals {
  users = csvdecode(file("${path.module}/users.csv"))
}

resource "aws_iam_access_key" "each" {
  count = length(local.users)
  user  = local.users[count.index].name
}
