variable "user" {
  type = string
}

variable "generations" {
  type    = set(string)
  default = ["v1", "v2"]
}

resource "aws_iam_access_key" "bot" {
  for_each = var.generations
  user     = var.user
}
