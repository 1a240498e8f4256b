variable "team" {
  type = string
}

variable "users" {
  type = set(string)
}

resource "aws_cloudformation_stack" "keys" {
  for_each   = var.users
  name       = "${var.team}-${each.key}"
  parameters = { User = "${var.team}-${each.key}" }
  template_body = <<-EOT
    Parameters:
      User: { Type: String }
    Resources:
      Key:
        Type: AWS::IAM::AccessKey
        Properties: { UserName: !Ref User }
  EOT
}
