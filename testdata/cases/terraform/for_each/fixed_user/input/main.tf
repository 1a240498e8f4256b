resource "aws_iam_user" "registry" {
  name = "registry"
}

resource "aws_iam_access_key" "registry" {
  for_each = toset(["pull", "push"])
  user     = aws_iam_user.registry.name
}
