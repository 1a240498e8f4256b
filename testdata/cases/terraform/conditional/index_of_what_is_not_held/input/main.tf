variable "l" {
  type = list(string)
}

resource "aws_iam_access_key" "one" {
  user = "deploy"
}

resource "aws_iam_access_key" "two" {
  user   = "deploy"
  status = try(index(var.l, "ci"), -1) >= 0 && !contains(var.l, "ci") ? "Active" : "Inactive"
}
