variable "users" {
  type = set(string)
}

resource "aws_iam_access_key" "own" {
  for_each = var.users
  user     = each.key
}

resource "aws_cloudformation_stack" "key" {
  for_each      = var.users
  name          = "key-${each.key}"
  template_body = file("key.yaml")
  parameters = {
    Login = each.key
  }
}
