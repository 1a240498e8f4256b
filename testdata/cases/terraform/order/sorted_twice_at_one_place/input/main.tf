variable "users" {
  type = list(string)
}


resource "aws_iam_access_key" "build" {
  user = sort(var.users)[0]
}

resource "aws_iam_access_key" "deploy" {
  user = sort(var.users)[0]
}
