variable "active" {
  type = list(bool)

  validation {
    condition     = !anytrue(var.active)
    error_message = "Keys are inactive here."
  }
}

resource "aws_iam_access_key" "deploy" {
  count  = length(var.active)
  user   = "deploy"
  status = var.active[count.index] ? "Active" : "Inactive"
}
