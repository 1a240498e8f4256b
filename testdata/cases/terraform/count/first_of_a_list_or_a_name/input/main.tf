variable "names" {
  type = list(string)
}

resource "aws_iam_access_key" "first" {
  user = concat(var.names, ["ci"])[0]
}

resource "aws_iam_access_key" "ci" {
  user = "ci"
}
