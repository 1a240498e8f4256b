variable "by_day" {
  type = bool
}

variable "by_night" {
  type = bool
}

variable "shift" {
  type = string
}

variable "spare" {
  type = bool
}

resource "aws_iam_user" "courier" {
  name = "courier"

  lifecycle {
    precondition {
      condition     = !(var.by_day && var.by_night)
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

output "spare" {
  value = var.spare

  precondition {
    condition     = !(var.spare && var.by_day)
    error_message = "There is no spare key by day."
  }
}

locals {
  no_spare = var.spare && var.by_night ? tobool("there is no spare key by night") : true
}

resource "aws_iam_access_key" "spare" {
  count = var.spare ? 1 : 0
  user  = aws_iam_user.courier.name
}

module "shifts" {
  source = "./shifts"
  shift  = var.shift
}

resource "aws_iam_access_key" "not_early" {
  count = var.shift != "early" ? 1 : 0
  user  = "porter"
}

resource "aws_iam_access_key" "not_late" {
  count = var.shift != "late" ? 1 : 0
  user  = "porter"
}
