data "example_setting" "rotation" {}

resource "aws_iam_access_key" "first" {
  user   = data.example_setting.rotation.owner
  status = data.example_setting.rotation.owner == null ? "Active" : "Inactive"
}
resource "aws_iam_access_key" "second" {
  user   = data.example_setting.rotation.owner
}
