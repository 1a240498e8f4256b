resource "aws_iam_access_key" "a" {
  _ {
    user   = "printer"
    status = "Active"
  }
}

resource "aws_iam_access_key" "b" {
  _ {
    user   = "printer"
    status = "Inactive"
  }
}
