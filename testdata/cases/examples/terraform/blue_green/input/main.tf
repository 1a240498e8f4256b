variable "active" {
  description = "The key that the exporter uses."
  type        = string

  validation {
    condition     = contains(["blue", "green"], var.active)
    error_message = "It is blue or green."
  }
}

resource "aws_iam_user" "exporter" {
  name = "exporter"
}

resource "aws_iam_access_key" "blue" {
  user = aws_iam_user.exporter.name
}

resource "aws_iam_access_key" "green" {
  user   = aws_iam_user.exporter.name
  status = var.active == "green" ? "Active" : "Inactive"
}
