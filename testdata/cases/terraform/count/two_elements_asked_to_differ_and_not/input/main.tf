variable "names" {
  type = list(string)
}

resource "aws_iam_access_key" "equal" {
  user   = "ci"
  status = try(var.names[0] == var.names[3], false) ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "different" {
  user   = "ci"
  status = try(var.names[0] != var.names[3], false) ? "Active" : "Inactive"
}
