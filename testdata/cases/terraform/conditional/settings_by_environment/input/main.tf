variable "environment" {
  type = string
}

variable "partners" {
  type = bool
}

locals {
  settings = {
    development = { retention_days = 3 }
    production  = { queues = { orders = { partner = "acme" } } }
  }
  queues = lookup(local.settings[var.environment], "queues", {})
}

resource "aws_iam_user" "queue" {
  for_each = var.partners ? local.queues : {}
  name     = "${each.key}-queue"
}

resource "aws_iam_access_key" "queue" {
  for_each = var.partners ? local.queues : {}
  user     = aws_iam_user.queue[each.key].name
}

resource "aws_iam_access_key" "orders" {
  user = "orders-queue"
}
