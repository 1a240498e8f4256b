variable "n" {
  type = number

  validation {
    condition     = var.n >= 1 && var.n <= 3 && floor(var.n) == var.n
    error_message = "From 1 to 3."
  }
}

resource "aws_iam_access_key" "one" {
  user = "team-${var.n}"
}

resource "aws_iam_access_key" "two" {
  user = "team-2"
}
