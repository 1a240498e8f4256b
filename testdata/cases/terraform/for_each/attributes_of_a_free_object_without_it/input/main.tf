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

resource "aws_iam_access_key" "audit" {
  count = length(keys(var.enabled)) == 3 ? 2 : 1
  user  = "audit"
}
