data "terraform_remote_state" "platform" {
  backend = "local"
}

locals {
  generation = data.terraform_remote_state.platform.outputs.generation
}

resource "aws_iam_access_key" "current" {
  user   = "courier"
  status = try(local.generation > 3, true) ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "first" {
  count = local.generation == null ? 1 : 0
  user  = "courier"
}
