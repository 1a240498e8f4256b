variable "old_stays" {
  default = true
}

resource "aws_iam_access_key" "new" {
  user = "ci"
}

resource "aws_iam_access_key" "old" {
  user   = "ci"
  status = var.old_stays ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "other" {
  user = "other"
}
