resource "random_id" "suffix" {
  count       = 2
  byte_length = 4
}

resource "aws_iam_access_key" "each" {
  count = 2
  user  = "mailer-${random_id.suffix[count.index].hex}"
}
