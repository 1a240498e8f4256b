data "example_setting" "rotation" {}

resource "aws_iam_access_key" "first" {
  user   = "deploy"
  status = data.example_setting.rotation.until == null ? "Active" : "Inactive"
}
resource "aws_iam_access_key" "second" {
  user   = "deploy"
  status = data.example_setting.rotation.until == null ? "Active" : "Inactive"
}
