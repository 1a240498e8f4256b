variable "blue" {
  type = string
}

variable "live" {
  type = string
}

resource "aws_iam_access_key" "spare" {
  count = var.blue == var.live ? 1 : 0
  user  = "bot-${var.blue}"
}

resource "aws_iam_access_key" "main" {
  user = "bot-${var.live}"
}
