resource "terraform_data" "write" {
  provisioner "local-exec" {
    command = "generate > robots.yaml"
  }
}

data "local_file" "robots" {
  filename   = "${path.module}/robots.yaml"
  depends_on = [terraform_data.write]
}

resource "aws_iam_access_key" "robot" {
  for_each = { for r in yamldecode(data.local_file.robots.content) : r.id => r }
  user     = each.value.user
}
