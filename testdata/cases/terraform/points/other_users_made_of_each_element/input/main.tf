variable "names" {
  type = list(string)
}
variable "teams" {
  type = map(string)
}
variable "user" {
  type = string
}
variable "n" {
  type = number
}

resource "aws_iam_access_key" "own" {
  user = var.user
}
resource "aws_iam_access_key" "of_each" {
  user = [for name in var.names : "${var.user}-2"][0]
}

resource "aws_iam_access_key" "ci" {
  user = "ci"
}
resource "aws_iam_access_key" "unless_named" {
  user = merge({ ci = "other" }, { for key, value in var.teams : key => "${var.user}-team" })["ci"]
}

# What is rounded already is whole.
resource "aws_iam_access_key" "never" {
  count = ceil(floor(var.n)) != floor(var.n) ? 1 : 0
  user  = "ci"
}
