variable "n" {}
resource "aws_iam_access_key" "k" {
  for_each = toset(["p", "q"])
  user     = var.n == "y" && each.key == "p" ? "other" : "lacking"
}
