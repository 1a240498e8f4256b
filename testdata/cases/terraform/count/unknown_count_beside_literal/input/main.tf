variable "spare_keys" {
  type        = number
  description = "Keys to keep in reserve"
}

resource "aws_iam_access_key" "mailer" {
  user = "mailer"
}

resource "aws_iam_access_key" "spare" {
  count = var.spare_keys
  user  = "mailer"
}
