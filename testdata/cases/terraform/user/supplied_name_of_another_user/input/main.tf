variable "team" {
  type    = string
  default = "ops"
  validation {
    condition     = contains(["ops", "dev"], var.team)
    error_message = "no such team"
  }
}

variable "spare" {
  type    = bool
  default = false
}

resource "aws_iam_access_key" "main" {
  user = "${var.team}-robot"
}

resource "aws_iam_access_key" "spare" {
  count = var.spare ? 1 : 0
  user  = "QA-ROBOT"
}
