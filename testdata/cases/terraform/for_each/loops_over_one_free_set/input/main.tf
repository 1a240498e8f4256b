variable "regions" {
  type = set(string)
}

resource "aws_iam_access_key" "replication" {
  for_each = {
    for pair in flatten([for from in var.regions : [for to in var.regions : { from = from, to = to }]]) :
    "${pair.from}/${pair.to}" => pair
  }
  user = "replicate-${each.value.from}"
}
