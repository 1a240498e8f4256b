variable "names" {
  type = list(string)
}

resource "aws_iam_access_key" "first" {
  count = length(var.names) > 0 ? 1 : 0
  user  = concat(var.names, ["ci"])[0]
}

resource "aws_iam_access_key" "ci" {
  user = "ci"
}
