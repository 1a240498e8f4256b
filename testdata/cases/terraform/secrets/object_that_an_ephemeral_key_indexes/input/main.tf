variable "stage" {
  type      = string
  ephemeral = true
  default   = "live"
}

resource "aws_iam_user" "each" {
  for_each = toset(["live", "trial"])
  name     = "ci-${each.key}"
}

resource "aws_iam_access_key" "old" {
  user = aws_iam_user.each[var.stage].name
}

resource "aws_iam_access_key" "new" {
  user = jsondecode("{\"live\": \"ci-live\"}")[var.stage]
}
