variable "tier" {
  type     = string
  default  = "basic"
  nullable = false
}

variable "spare" {
  type     = bool
  default  = false
  nullable = false
}

resource "aws_iam_access_key" "one" {
  user = "ci"
}

resource "aws_iam_access_key" "two" {
  user   = "ci"
  status = var.tier == null || var.spare == null ? "Active" : "Inactive"
}
