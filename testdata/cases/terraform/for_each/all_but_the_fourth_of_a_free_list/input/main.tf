variable "names" {
  type = list(string)
}

resource "aws_iam_access_key" "each" {
  count = min(3, length(var.names))
  user  = var.names[count.index]
}

resource "aws_iam_access_key" "fourth" {
  user = try(var.names[3], "none")
}
