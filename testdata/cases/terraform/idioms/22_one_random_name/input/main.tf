resource "random_id" "suffix" {
  byte_length = 4
}

resource "aws_iam_access_key" "one" {
  user = "mailer-${random_id.suffix.hex}"
}

resource "aws_iam_access_key" "two" {
  user = format("mailer-%s", random_id.suffix.hex)
}
