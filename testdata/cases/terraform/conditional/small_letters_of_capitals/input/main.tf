variable "s" {
  type = string
}

resource "aws_iam_access_key" "one" {
  user = "deploy"
}

resource "aws_iam_access_key" "two" {
  user   = "deploy"
  status = upper(var.s) == "ci" ? "Active" : "Inactive"
}
