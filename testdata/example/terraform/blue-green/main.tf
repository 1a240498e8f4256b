variable "active_slot" {
  type        = string
  description = "blue or green"
}

resource "aws_iam_user" "uploader" {
  name = "uploader"
}

# Two keys, of which one can be used at a time, whatever the slot.
resource "aws_iam_access_key" "blue" {
  user   = aws_iam_user.uploader.name
  status = var.active_slot == "blue" ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "green" {
  user   = aws_iam_user.uploader.name
  status = var.active_slot == "blue" ? "Inactive" : "Active"
}
