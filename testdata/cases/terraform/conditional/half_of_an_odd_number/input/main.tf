variable "n" {
  type = number

  validation {
    condition     = floor(var.n) == var.n
    error_message = "Not allowed."
  }
}

resource "aws_iam_access_key" "one" {
  user = "deploy"
}

resource "aws_iam_access_key" "two" {
  user   = "deploy"
  status = var.n * 2 == 3 ? "Active" : "Inactive"
}
