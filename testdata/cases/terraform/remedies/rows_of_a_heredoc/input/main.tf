locals {
  keys = csvdecode(<<-CSV
    id,user
    one,ci
    two,ci
    three,deploy
  CSV
  )
}

resource "aws_iam_access_key" "this" {
  for_each = { for key in local.keys : key.id => key }
  user     = each.value.user
}
