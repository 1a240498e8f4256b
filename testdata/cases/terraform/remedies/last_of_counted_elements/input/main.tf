variable "users" {
  default = ["ann", "bob", "ann"]
}

resource "aws_iam_access_key" "k" {
  count = length(var.users)
  user  = var.users[count.index]
}
