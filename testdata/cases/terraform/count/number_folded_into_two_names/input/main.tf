variable "rounds" {
  type = number
}

resource "aws_iam_access_key" "robot" {
  count = 2 * var.rounds
  user  = element(["blue", "green"], count.index)
}
