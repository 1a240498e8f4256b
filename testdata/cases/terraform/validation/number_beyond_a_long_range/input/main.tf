variable "n" {
  type = number

  validation {
    condition     = var.n >= 1 && var.n <= 200 && floor(var.n) == var.n
    error_message = "From 1 to 200."
  }
}

resource "aws_iam_access_key" "one" {
  user = "team-${var.n}"
}

resource "aws_iam_access_key" "two" {
  user = "team-201"
}
