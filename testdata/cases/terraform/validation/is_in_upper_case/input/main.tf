variable "user" {
  type = string

  validation {
    condition     = upper(var.user) == "DEPLOY"
    error_message = "Only this one has keys."
  }
}

resource "aws_iam_access_key" "old" {
  user = var.user
}

resource "aws_iam_access_key" "new" {
  user = "Deploy"
}
