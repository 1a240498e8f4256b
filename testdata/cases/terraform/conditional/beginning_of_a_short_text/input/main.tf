variable "env" {
  type = string
}

resource "aws_iam_access_key" "short" {
  user   = "ci"
  status = length(var.env) < 3 ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "prod" {
  user   = "ci"
  status = startswith(var.env, "prod") ? "Active" : "Inactive"
}
