variable "count" {
  default = "a"
}

variable "computed" {
  default = upper("b")
}

variable "bare" {
  type    = set
  default = ["c"]
}

variable "never_null" {
  default  = null
  nullable = false
}

variable "checked" {
  default = "d"
  validation {
    condition     = length("d") == 1
    error_message = "Not one letter."
  }
}

resource "aws_iam_access_key" "reserved" {
  count = 2
  user  = var.count
}

resource "aws_iam_access_key" "computed" {
  count = 2
  user  = var.computed
}

resource "aws_iam_access_key" "bare" {
  count = 2
  user  = tolist(var.bare)[0]
}

resource "aws_iam_access_key" "null" {
  count = 2
  user  = var.never_null
}

resource "aws_iam_access_key" "checked" {
  count = 2
  user  = var.checked
}

resource "aws_iam_access_key" "1st" {
  count = 2
  user  = "e"
}

resource "aws_iam_access_key" "there" {
  user       = "f"
  depends_on = [aws_iam_access_key.back]
}

resource "aws_iam_access_key" "back" {
  user       = "f"
  depends_on = [aws_iam_access_key.there]
}

moved {
  from = aws_iam_access_key.old
  to   = aws_iam_access_key.new
}

resource "aws_iam_access_key" "old" {
  user = "g"
}

resource "aws_iam_access_key" "healthy" {
  count = 2
  user  = "h"
}
