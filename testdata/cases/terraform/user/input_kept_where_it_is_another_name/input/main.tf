variable "owner" {
  type = string
}

resource "aws_iam_access_key" "own" {
  user = var.owner == "cd" ? var.owner : "nobody"
}

resource "aws_iam_access_key" "ci" {
  user = "ci"
}
