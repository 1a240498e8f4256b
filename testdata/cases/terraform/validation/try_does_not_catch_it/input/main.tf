variable "robot" {
  type = string
  default = "backup"
  validation {
    condition     = startswith(var.robot, "svc-")
    error_message = "Robots are called svc-something."
  }
}

resource "aws_iam_access_key" "robot" {
  count = 2
  user  = try(var.robot, "robot")
}
