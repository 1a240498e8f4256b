variable "name" {
  type = string
}

variable "laptops" {
  type = set(string)
}

resource "aws_iam_access_key" "laptop" {
  for_each = var.laptops
  user     = "${var.name}-${each.key}"
}
