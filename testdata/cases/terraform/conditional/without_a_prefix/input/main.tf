variable "name" {
  type = string
}

resource "aws_iam_access_key" "cut" {
  user   = "ci"
  status = trimprefix(var.name, "prod-") == "ci" ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "other" {
  user   = "ci"
  status = startswith(var.name, "prod") ? "Active" : "Inactive"
}
