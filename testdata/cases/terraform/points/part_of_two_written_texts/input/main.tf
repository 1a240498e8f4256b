variable "scope" {
  type = string
}

resource "aws_iam_access_key" "one" {
  count = startswith("mail-eu", "${var.scope}-") ? 1 : 0
  user  = "mail"
}

resource "aws_iam_access_key" "two" {
  count = strcontains("e-mail", var.scope) && endswith("box", var.scope) == false ? 1 : 0
  user  = "mail"
}
