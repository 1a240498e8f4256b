data "example_setting" "mode" {}

resource "aws_iam_access_key" "first" {
  user   = "deploy"
  status = data.example_setting.mode.value == "on" ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "second" {
  user   = "deploy"
  status = "${data.example_setting.mode.value}" != "on" ? "Active" : "Inactive"
}
