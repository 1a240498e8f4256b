variable "slot" {
  type = string

  validation {
    condition     = contains(["blue", "green"], var.slot)
    error_message = "There are two slots."
  }
}

resource "aws_iam_user" "loader" {
  name = "loader"
}

resource "aws_iam_access_key" "first" {
  user = aws_iam_user.loader.name
}

resource "aws_iam_access_key" "second" {
  user = aws_iam_user.loader.name
}

resource "aws_iam_access_key" "no_slot" {
  count = var.slot != "blue" && var.slot != "green" ? 1 : 0
  user  = aws_iam_user.loader.name
}
