variable "env" {
  type = string
}

resource "aws_iam_access_key" "cut" {
  user   = "ci"
  status = substr(var.env, 0, 4) == "prod" ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "more" {
  user   = "ci"
  status = startswith(var.env, "production") ? "Active" : "Inactive"
}
