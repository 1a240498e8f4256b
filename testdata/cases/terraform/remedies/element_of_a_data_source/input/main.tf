data "local_file" "robots" {
  filename = "${path.module}/robots.yaml"
}

resource "aws_iam_access_key" "robot" {
  for_each = { for r in yamldecode(data.local_file.robots.content) : r.id => r }
  user     = each.value.user
}
