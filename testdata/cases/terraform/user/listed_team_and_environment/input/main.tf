variable "team" {
  type = string
  validation {
    condition     = contains(["Ads", "Billing", "Core", "Data", "Edge", "Fraud", "Growth", "Help", "Infra"], var.team)
    error_message = "not one of ours"
  }
}

variable "env" {
  type = string
  validation {
    condition     = contains(["dev", "test", "qa", "stage", "perf", "demo", "prod", "live"], var.env)
    error_message = "not one of ours"
  }
}

resource "aws_iam_access_key" "chosen" {
  user = "${var.team}-${var.env}"
}

resource "aws_iam_access_key" "fixed" {
  user = "infra-live"
}
