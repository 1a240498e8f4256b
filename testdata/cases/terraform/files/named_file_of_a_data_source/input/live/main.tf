data "local_file" "slots" {
  filename = "${path.module}/../config/slots.json"
}

resource "aws_iam_access_key" "robot" {
  for_each = toset(jsondecode(data.local_file.slots.content))
  user     = "ci"
}
