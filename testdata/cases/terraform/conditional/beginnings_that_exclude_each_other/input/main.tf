resource "aws_iam_access_key" "day" {
  user   = "courier"
  status = startswith(terraform.workspace, "live") ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "night" {
  user   = "courier"
  status = startswith(terraform.workspace, "test") ? "Active" : "Inactive"
}
