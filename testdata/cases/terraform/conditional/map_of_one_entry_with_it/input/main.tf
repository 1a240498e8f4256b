variable "m" {
  type = map(string)
}

resource "aws_iam_access_key" "one" {
  user = "deploy"
}

resource "aws_iam_access_key" "two" {
  user   = "deploy"
  status = var.m == tomap({ ci = "x" }) && !can(var.m["cd"]) ? "Active" : "Inactive"
}
