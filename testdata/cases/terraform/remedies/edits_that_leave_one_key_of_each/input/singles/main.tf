variable "pairs" {}
resource "aws_iam_access_key" "single" {
  for_each = merge([for p in var.pairs : { for i in range(p.n) : "${p.user}-${i}" => p.user }]...)
  user     = "single-${each.key}"
}
