module "m" {
  source   = "./m"
  for_each = toset(["ann", "bob"])
  user     = each.key
}
resource "aws_iam_access_key" "ann" {
  user = "ann"
}
