variable "crew" {
  type = list(string)
}

resource "aws_iam_access_key" "captain" {
  user = element(var.crew, 0)
}

resource "aws_iam_access_key" "relief" {
  user = var.crew[1]
}
