locals {
  gens = ["a", "b"]
  keys = <<-E
    %{ for g in local.gens ~}
    - {user: ann, id: ${g}}
    %{ endfor ~}
  E
}

resource "aws_iam_access_key" "k" {
  for_each = { for k in yamldecode(local.keys) : k.id => k.user }
  user     = each.value
}
