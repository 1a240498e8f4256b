resource "aws_iam_user" "registry" {
  name = "registry"
}

resource "aws_iam_access_key" "slot" {
  for_each = toset(["blue", "green"])
  user     = aws_iam_user.registry.name
  status   = each.key == "green" ? "Active" : "Inactive"
}
