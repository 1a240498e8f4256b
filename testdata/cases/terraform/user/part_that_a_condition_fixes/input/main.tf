variable "service" {
  type = string
}

variable "stage" {
  type = string
}

# The old name, until production has moved.
resource "aws_iam_access_key" "old" {
  count = var.stage == "live" ? 1 : 0
  user  = "${var.service}-live"
}

resource "aws_iam_access_key" "new" {
  user = "${var.service}-${var.stage}"
}
