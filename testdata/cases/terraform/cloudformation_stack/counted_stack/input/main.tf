resource "aws_cloudformation_stack" "key" {
  count         = 2
  name          = "key-${count.index}"
  template_body = file("key.yaml")
  parameters = {
    Login = "robot"
  }
}
