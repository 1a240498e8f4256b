variable "deployers" {
  description = "Machines that deploy, oldest first."
  type        = list(string)

  validation {
    condition     = length(var.deployers) <= 3
    error_message = "At most 3."
  }
}

resource "aws_iam_access_key" "deploy" {
  for_each = toset([for i, name in var.deployers : name if floor(i / 2) == 1])
  user     = "deploy"
}
