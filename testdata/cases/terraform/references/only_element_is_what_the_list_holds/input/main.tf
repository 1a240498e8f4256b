variable "operator" {
  type = string
}

variable "people" {
  type = list(string)
}

resource "aws_iam_access_key" "operator" {
  user = var.operator
}

resource "aws_iam_access_key" "only" {
  count = contains(var.people, var.operator) && length(var.people) == 1 ? 1 : 0
  user  = var.people[0]
}
