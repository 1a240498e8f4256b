variable "robots" {
  type = list(string)
  default = [
    "ci",
    "web",
    "ci",
  ]
}

resource "aws_iam_access_key" "this" {
  count = length(var.robots)
  user  = var.robots[count.index]
}
