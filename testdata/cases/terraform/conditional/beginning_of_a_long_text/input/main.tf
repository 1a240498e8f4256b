variable "env" {
  type = string
}

resource "aws_iam_access_key" "long" {
  user   = "ci"
  status = length(var.env) > 5 ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "prod" {
  user   = "ci"
  status = startswith(var.env, "prod") ? "Active" : "Inactive"
}
