variable "names" {
  type = list(string)
}

resource "aws_iam_access_key" "each" {
  for_each = toset(var.names)
  user     = each.key
}

resource "aws_iam_access_key" "fourth" {
  user = try(var.names[3], "none")
}
