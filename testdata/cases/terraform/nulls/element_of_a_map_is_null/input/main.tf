variable "statuses" {
  type = map(string)
}

resource "aws_iam_access_key" "old" {
  user   = "mailer"
  status = var.statuses["old"] == null ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "new" {
  user = "mailer"
}
