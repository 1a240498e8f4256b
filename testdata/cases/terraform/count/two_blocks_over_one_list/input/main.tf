variable "members" {
  type = list(string)
}

resource "aws_iam_user" "member" {
  count = length(var.members)
  name  = var.members[count.index]
}

resource "aws_iam_access_key" "laptop" {
  count = length(var.members)
  user  = aws_iam_user.member[count.index].name
}

resource "aws_iam_access_key" "pipeline" {
  count = length(aws_iam_user.member)
  user  = element(var.members, count.index)
}
