variable "slots" {
  type = map(string)
  validation {
    condition     = alltrue([for status in var.slots : false])
    error_message = "Unknown status."
  }
}

resource "aws_iam_user" "feed" {
  for_each = var.slots
  name     = "feed-${each.key}"
}

resource "aws_iam_access_key" "old" {
  for_each = var.slots
  user     = aws_iam_user.feed[each.key].name
  status   = each.value
}

resource "aws_iam_access_key" "new" {
  for_each = var.slots
  user     = aws_iam_user.feed[each.key].name
}

resource "aws_iam_access_key" "fixed" {
  user = "feed-main"
}

resource "aws_iam_access_key" "spare" {
  user   = "feed-main"
  status = "Active"
}
