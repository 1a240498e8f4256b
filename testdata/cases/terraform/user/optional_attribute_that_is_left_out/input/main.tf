variable "account" {
  type = object({
    user = optional(string)
  })
}

resource "aws_iam_access_key" "given" {
  user = var.account.user == null ? "ci" : "review"
}

resource "aws_iam_access_key" "fixed" {
  user = "ci"
}
