variable "directories" {
  type = map(string)
}

locals {
  synced = toset([for name, file in var.directories : name if length(regexall("(?i:okta)", file)) > 0])
}

resource "aws_iam_access_key" "sync" {
  for_each = local.synced
  user     = "sync-${each.key}"
}

resource "aws_iam_access_key" "sync_from_elsewhere" {
  for_each = local.synced
  user     = "sync-${each.key}"
}
