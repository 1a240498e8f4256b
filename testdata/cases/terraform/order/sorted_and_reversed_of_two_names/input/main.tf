variable "users" {
  type = list(string)
}

resource "aws_iam_access_key" "build" {
  count = length(var.users) > 1 ? 1 : 0
  user  = sort(var.users)[0]
}

resource "aws_iam_access_key" "deploy" {
  count = length(var.users) > 1 ? 1 : 0
  user  = reverse(sort(var.users))[0]
}
