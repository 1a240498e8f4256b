variable "names" {
  type = list(string)
}

resource "aws_iam_access_key" "ci" {
  count  = 2
  user   = "ci"
  status = try(var.names[0] == var.names[3], false) ? "Active" : "Inactive"
}
