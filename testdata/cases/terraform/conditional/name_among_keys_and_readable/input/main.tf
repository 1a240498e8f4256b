variable "flags" {
  type = map(string)
}

resource "aws_iam_access_key" "one" {
  user   = "reporter"
  status = contains(keys(var.flags), "live") ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "two" {
  user   = "reporter"
  status = can(var.flags["live"]) ? "Active" : "Inactive"
}

