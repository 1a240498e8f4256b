variable "settings" {
  type    = object({ values = list(any) })
  default = { values = ["a", 1] }
}

resource "aws_iam_access_key" "a" {
  user = var.settings.values[1] == "1" ? "deploy" : "other"
}

resource "aws_iam_access_key" "b" {
  user = "deploy"
}
