variable "production" {
  type = bool
}

resource "aws_iam_access_key" "api" {
  user = var.production ? "api-live" : "api-trial"
}

resource "aws_iam_access_key" "worker" {
  user = var.production ? "api-trial" : "api-live"
}
