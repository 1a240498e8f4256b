variable "name_parts" {
  type    = list(string)
  default = ["deploy"]
}

resource "aws_iam_access_key" "old" {
  user = join("-", concat(var.name_parts, ["old"]))
}

resource "aws_iam_access_key" "new" {
  user = join("-", concat(var.name_parts, ["new"]))
}
