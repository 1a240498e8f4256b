locals {
  bots = yamldecode(templatefile("${path.module}/bots.yaml.tftpl", { prefix = "ci" })).bots
}

resource "aws_iam_access_key" "this" {
  for_each = { for bot in local.bots : "${bot.user}/${bot.slot}" => bot }
  user     = each.value.user
}
