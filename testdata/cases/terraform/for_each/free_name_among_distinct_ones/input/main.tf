variable "names" {
  type = list(string)
}

resource "aws_iam_access_key" "each" {
  for_each = toset(distinct(concat(var.names, ["ci"])))
  user     = each.key
}

resource "aws_iam_access_key" "one" {
  user = "deploy"
}
