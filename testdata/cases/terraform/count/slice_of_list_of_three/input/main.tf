variable "deployers" {
  description = "Machines that deploy, oldest first."
  type        = list(string)

  validation {
    condition     = length(var.deployers) <= 3
    error_message = "At most 3."
  }
}

resource "aws_iam_access_key" "deploy" {
  count = length(slice(var.deployers, 2, length(var.deployers)))
  user  = "deploy"
}
