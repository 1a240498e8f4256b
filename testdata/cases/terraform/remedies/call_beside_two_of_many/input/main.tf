module "ann" {
  source = "./m"
  user   = "ann"
}
resource "aws_iam_access_key" "a" {
  for_each = toset(["ann", "bob"])
  user     = each.key
}
resource "aws_iam_access_key" "b" {
  for_each = toset(["ann", "cy"])
  user     = each.key
}
