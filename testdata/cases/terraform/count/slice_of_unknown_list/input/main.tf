variable "deployers" {
  description = "Machines that deploy, oldest first."
  type        = list(string)
}

resource "aws_iam_access_key" "deploy" {
  count = length(slice(var.deployers, 2, length(var.deployers)))
  user  = "deploy"
}
