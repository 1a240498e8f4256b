locals {
  generations = ["v1", "v2"]
  keys = yamldecode(<<-EOT
    %{for generation in local.generations~}
    ci-${generation}: ci
    %{endfor~}
    deploy: deploy
  EOT
  )
}

resource "aws_iam_access_key" "this" {
  for_each = local.keys
  user     = each.value
}
