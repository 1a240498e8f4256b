resource "aws_iam_access_key" "k" {
  count = 2
  user  = "deploy"

  lifecycle {
    precondition {
      condition     = local.allowed
      error_message = "not here"
    }
  }
}
