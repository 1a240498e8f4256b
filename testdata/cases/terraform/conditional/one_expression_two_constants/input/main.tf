variable "stage" {
  type = string
}

resource "aws_iam_access_key" "day" {
  user   = "courier"
  status = lower(var.stage) == "live" ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "night" {
  user   = "courier"
  status = lower(var.stage) == "test" ? "Active" : "Inactive"
}
