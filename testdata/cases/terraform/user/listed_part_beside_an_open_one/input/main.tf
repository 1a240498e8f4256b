variable "team" {
  type = string
}

variable "stage" {
  type = string

  validation {
    condition     = contains(["dev", "prod"], var.stage)
    error_message = "dev or prod"
  }
}

resource "aws_iam_access_key" "stage" {
  user = "${var.team}-${var.stage}"
}

resource "aws_iam_access_key" "prod" {
  user = "${var.team}-prod"
}
