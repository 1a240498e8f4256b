variable "name" {
  type = string
}

resource "aws_iam_access_key" "named" {
  user   = lower(var.name)
  status = upper(var.name) == "COURIER" ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "fixed" {
  user = "Courier"
}
