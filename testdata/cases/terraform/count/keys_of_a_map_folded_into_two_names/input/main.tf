variable "robots" {
  type = map(string)
}

resource "aws_iam_access_key" "robot" {
  count = length(keys(var.robots))
  user  = element(["blue", "green"], count.index)
}
