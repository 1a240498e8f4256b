variable "deployers" {
  description = "Machines that deploy, oldest first."
  type        = list(string)
}

variable "retired" {
  type = list(string)
}

resource "aws_iam_access_key" "deploy" {
  count = length(var.deployers) - 1 > length(var.retired) + 1 ? 2 : 0
  user  = "deploy"
}
