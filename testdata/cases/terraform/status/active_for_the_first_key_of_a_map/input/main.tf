variable "stages" {
  type = map(string)
}

resource "aws_iam_access_key" "deploy" {
  for_each = var.stages
  user     = "deploy"
  status   = each.key == keys(var.stages)[0] ? "Active" : "Inactive"
}
