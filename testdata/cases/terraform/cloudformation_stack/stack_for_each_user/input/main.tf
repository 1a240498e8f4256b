resource "aws_cloudformation_stack" "key" {
  for_each      = toset(["build", "deploy"])
  name          = "key-${each.key}"
  template_body = file("key.yaml")
  parameters = {
    Login = each.key
  }
}
