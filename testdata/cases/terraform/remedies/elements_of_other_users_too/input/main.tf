variable "stages" {
  type    = list(string)
  default = ["blue", "green"]
}

resource "aws_iam_access_key" "ci" {
  for_each = toset(var.stages)
  user     = "ci"
}

resource "aws_iam_access_key" "stage" {
  for_each = toset(var.stages)
  user     = "stage-${each.key}"
}
