variable "team" {
  type = object({
    builder  = optional(string, "ci")
    releaser = optional(string, "cd")
  })
}

resource "aws_iam_access_key" "builder" {
  user = var.team.builder
}

resource "aws_iam_access_key" "releaser" {
  user = var.team.releaser
}
