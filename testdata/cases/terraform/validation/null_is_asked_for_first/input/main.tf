variable "robot" {
  type    = string
  default = null

  validation {
    condition     = var.robot == null || length(var.robot) > 3
    error_message = "A name has at least four letters."
  }
}

resource "aws_iam_access_key" "robot" {
  count = 2
  user  = coalesce(var.robot, "backup")
}
