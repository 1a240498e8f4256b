resource "aws_iam_access_key" "first" {
  user   = "retired-service"
  status = "Inactive"
}

resource "aws_iam_access_key" "second" {
  user   = "retired-service"
  status = "Inactive"
}
