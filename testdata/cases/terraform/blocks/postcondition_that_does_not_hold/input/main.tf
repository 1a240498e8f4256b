resource "aws_iam_access_key" "a" {
  user = "deploy"

  lifecycle {
    postcondition {
      condition     = self.user == "release"
      error_message = "This key is for releases."
    }
  }
}

resource "aws_iam_access_key" "b" {
  user = "deploy"
}
