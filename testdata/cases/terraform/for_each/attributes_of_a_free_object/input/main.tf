variable "enabled" {
  type = object({
    backup = bool
    deploy = bool
  })
}

resource "aws_iam_access_key" "each" {
  for_each = toset([for name, on in var.enabled : name if on])
  user     = each.key
}

resource "aws_iam_access_key" "deploy" {
  user = "deploy"
}
