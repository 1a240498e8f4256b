resource "terraform_data" "rotation" {}

resource "aws_iam_access_key" "one" {
  user = "ci"
}

resource "aws_iam_access_key" "two" {
  user = "ci"

  lifecycle {
    replace_triggered_by = ["terraform_data.rotation"]
  }
}
