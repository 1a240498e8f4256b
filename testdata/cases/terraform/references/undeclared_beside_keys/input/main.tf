output "x" {
  value = try(local.nope, "x")
}

resource "aws_iam_user" "u" {
  name = "deploy"
  path = try(var.path, "/")
}

resource "aws_iam_access_key" "k" {
  count = 2
  user  = aws_iam_user.u.name
}
