locals {
  robots = yamldecode(templatefile("${path.module}/robots.yaml.tftpl", { environments = ["live", "test"], spare = true }))
}

resource "aws_iam_access_key" "robot" {
  for_each = { for r in local.robots : r.id => r }
  user     = each.value.user
}
