resource "aws_cloudformation_stack" "merged" {
  name          = "merged"
  template_body = jsonencode(merge(yamldecode(file("keys.yaml")), { Description = "two keys" }))
}
