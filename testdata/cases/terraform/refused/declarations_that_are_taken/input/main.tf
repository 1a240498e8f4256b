variable "_counted" {
  default = [for name in ["a"] : name][0]
}

variable "bare" {
  type    = list
  default = ["a"]
}

variable "null" {
  default = null
}

variable "checked" {
  default = "a"
  validation {
    condition     = alltrue([for c in ["a"] : var.checked == c])
    error_message = "Not one letter."
  }
}

moved {
  from = aws_iam_access_key.a-1
  to   = aws_iam_access_key.a-1[0]
}

resource "aws_iam_access_key" "a-1" {
  count      = 1
  user       = coalesce(var.null, var.checked)
  depends_on = [aws_iam_access_key.é]
}

resource "aws_iam_access_key" "é" {
  user = var.bare[0] == "a" ? var._counted : "b"
  lifecycle {
    ignore_changes = [user]
  }
}
