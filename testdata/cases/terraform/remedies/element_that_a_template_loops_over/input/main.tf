variable "slots" {
  type = list(string)

  default = ["blue", "green"]
}

resource "aws_iam_access_key" "robot" {
  for_each = toset(jsondecode(templatefile("${path.module}/slots.json.tftpl", { slots = var.slots })))
  user     = "ci"
}
