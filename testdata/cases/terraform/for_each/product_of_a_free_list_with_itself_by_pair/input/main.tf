variable "stages" {
  type = list(string)
}

resource "aws_iam_access_key" "promote" {
  for_each = { for pair in setproduct(var.stages, var.stages) : join("/", pair) => pair }
  user     = "promote-${each.value[0]}-to-${each.value[1]}"
}
