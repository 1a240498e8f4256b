variable "stages" {
  type = list(string)
}

resource "aws_iam_access_key" "promote" {
  for_each = { for pair in setproduct(var.stages, var.stages) : join("/", pair) => pair[1] }
  user     = "promote-to-${each.value}"
}
