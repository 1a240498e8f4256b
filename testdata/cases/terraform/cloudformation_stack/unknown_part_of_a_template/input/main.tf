variable "resources" {
  type = map(any)
}

resource "aws_cloudformation_stack" "keys" {
  name          = "keys"
  template_body = <<-YAML
    Resources: ${jsonencode(var.resources)}
  YAML
}

resource "aws_iam_access_key" "ci" {
  user = "ci"
}
