variable "robot" {
  type    = string
  default = null

  validation {
    condition     = length(var.robot) > 3
    error_message = "A name has at least four letters."
  }
}

resource "aws_iam_access_key" "robot" {
  user = coalesce(var.robot, "backup")
}
