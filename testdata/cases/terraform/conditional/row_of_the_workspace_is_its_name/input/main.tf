resource "aws_iam_access_key" "one" {
  user = "ci"
}

resource "aws_iam_access_key" "two" {
  count = csvdecode("name,n\n${terraform.workspace},1")[0].name == "prod" && length(csvdecode(terraform.workspace)) == 0 ? 1 : 0
  user  = "ci"
}
