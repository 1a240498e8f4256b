variable "week" {
  type = number
}

resource "aws_iam_access_key" "day" {
  user   = "courier"
  status = var.week % 2 == 0 ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "night" {
  user   = "courier"
  status = var.week % 3 == 0 ? "Active" : "Inactive"
}
