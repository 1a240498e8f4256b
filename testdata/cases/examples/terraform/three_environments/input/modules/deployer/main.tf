variable "name" {
  description = "The deployer's user name."
  type        = string
}

variable "keys" {
  description = "How many access keys the pipeline needs; two while one is rotated."
  type        = number
  default     = 1
}

resource "aws_iam_user" "this" {
  name = var.name
  path = "/deployers/"
}

resource "aws_iam_user_policy" "this" {
  name = "assume-deploy-role"
  user = aws_iam_user.this.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "sts:AssumeRole"
      Resource = "arn:aws:iam::*:role/deploy"
    }]
  })
}

resource "aws_iam_access_key" "this" {
  count = var.keys
  user  = aws_iam_user.this.name
}

output "access_key_ids" {
  value = aws_iam_access_key.this[*].id
}
