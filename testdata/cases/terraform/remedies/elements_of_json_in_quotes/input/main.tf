locals {
  keys = jsondecode("[{\"id\": \"one\", \"user\": \"ci\"}, {\"id\": \"two\", \"user\": \"ci\"}, {\"id\": \"three\", \"user\": \"dev\"}]")
}

resource "aws_iam_access_key" "this" {
  for_each = { for key in local.keys : key.id => key }
  user     = each.value.user
}
