variable "by_day" {
  type = bool
}

variable "by_night" {
  type = bool
}

resource "aws_iam_user" "courier" {
  name = "courier"

  lifecycle {
    precondition {
      condition     = var.by_day || var.by_night
      error_message = "Choose one of the two."
    }
  }
}

resource "aws_iam_access_key" "day" {
  count = var.by_day ? 1 : 0
  user  = aws_iam_user.courier.name
}

resource "aws_iam_access_key" "night" {
  count = var.by_night ? 1 : 0
  user  = aws_iam_user.courier.name
}
