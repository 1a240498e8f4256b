variable "operators" {
  description = "Who is on call, one or two."
  type        = list(string)
}

resource "aws_iam_access_key" "on_call" {
  count = 2
  user  = var.operators[count.index]
}
