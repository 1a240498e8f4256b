variable "names" {
  type = list(string)
}
variable "teams" {
  type = map(string)
}
variable "user" {
  type = string
}

# As long as there is an element, this is the user.
resource "aws_iam_access_key" "own" {
  user = var.user
}
resource "aws_iam_access_key" "of_each" {
  user = [for name in var.names : var.user][0]
}

# Unless a team is called so.
resource "aws_iam_access_key" "ci" {
  user = "ci"
}
resource "aws_iam_access_key" "unless_named" {
  user = merge({ ci = "ci" }, { for key, value in var.teams : key => "${var.user}-team" })["ci"]
}

# Whatever else there is.
resource "aws_iam_access_key" "robot" {
  user = "robot"
}
resource "aws_iam_access_key" "always_named" {
  user = { for name in setunion(keys(var.teams), ["r"]) : name => name == "r" ? "robot" : "${var.user}-team" }["r"]
}
