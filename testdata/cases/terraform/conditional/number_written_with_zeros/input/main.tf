variable "month" {
  type = number
}

resource "aws_iam_access_key" "written" {
  user   = "ci"
  status = format("%02d", var.month) == "05" ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "other" {
  user   = "ci"
  status = var.month == 5 ? "Inactive" : "Active"
}
