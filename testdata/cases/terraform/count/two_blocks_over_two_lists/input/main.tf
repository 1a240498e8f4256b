variable "members" {
  type = list(string)
}

variable "guests" {
  type = list(string)
}

resource "aws_iam_access_key" "member" {
  count = length(var.members)
  user  = var.members[count.index]
}

resource "aws_iam_access_key" "guest" {
  count = length(var.guests)
  user  = var.guests[count.index]
}
