variable "robot" {
  type    = string
  default = "backup"
  validation {
    condition     = startswith(var.robot, "svc-")
    error_message = "Robots are called svc-something."
  }
}

resource "aws_iam_access_key" "first" {
  user = var.robot
}
