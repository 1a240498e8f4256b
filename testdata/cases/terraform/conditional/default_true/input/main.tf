variable "rotate" {
  type        = bool
  description = "Adds the key that the next release will use"
  default     = true
}

resource "aws_iam_user" "agent" {
  name = "agent"
}

resource "aws_iam_access_key" "agent" {
  user = aws_iam_user.agent.name
}

resource "aws_iam_access_key" "next" {
  count = var.rotate ? 1 : 0
  user  = aws_iam_user.agent.name
}
