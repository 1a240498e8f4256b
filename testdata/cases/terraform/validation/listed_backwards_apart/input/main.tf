variable "user" {
  type = string

  validation {
    condition     = contains(["yolped", "pukcab"], strrev(var.user)) && lower(var.user) != "admin"
    error_message = "Only the two of them have keys."
  }
}

resource "aws_iam_access_key" "old" {
  user = var.user
}

resource "aws_iam_access_key" "new" {
  user = "admin"
}
