resource "aws_cloudformation_stack" "key" {
  count         = 1000000000
  name          = "key-${count.index}"
  template_body = file("key.yaml")
  parameters = {
    Login = "robot"
  }
}
