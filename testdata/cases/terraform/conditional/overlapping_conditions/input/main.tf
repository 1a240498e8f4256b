variable "environment" {
  type = string
}

resource "aws_iam_access_key" "live" {
  count = var.environment == "prod" ? 1 : 0
  user  = "metrics"
}

resource "aws_iam_access_key" "trial" {
  count = var.environment != "dev" ? 1 : 0
  user  = "metrics"
}
