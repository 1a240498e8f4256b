resource "aws_iam_access_key" "exporter" {
  user = "exporter"
}

# resource "aws_iam_access_key" "hash" {
#   user = "exporter"
# }

// resource "aws_iam_access_key" "slashes" { user = "exporter" }

/*
resource "aws_iam_access_key" "block" {
  user = "exporter"
}
*/
