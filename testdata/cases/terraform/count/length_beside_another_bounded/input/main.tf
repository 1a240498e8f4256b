variable "deployers" {
  description = "Machines that deploy, oldest first."
  type        = list(string)

  validation {
    condition     = length(var.deployers) <= 2
    error_message = "At most 2."
  }
}

variable "retired" {
  type = list(string)

  validation {
    condition     = length(var.retired) <= 3
    error_message = "At most 3."
  }
}

resource "aws_iam_access_key" "deploy" {
  count = length(var.deployers) - 1 > length(var.retired) + 1 ? 2 : 0
  user  = "deploy"
}
