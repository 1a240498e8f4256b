resource "aws_iam_access_key" "k" {
  count = 2
  user  = "deploy"

  lifecycle {
    postcondition {
      condition     = self.user == "deploy"
      error_message = "not here"
    }
  }
}
