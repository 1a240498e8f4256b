resource "aws_cloudformation_stack" "users" {
  name          = "users"
  template_body = file("${path.module}/users.yaml")
}

resource "aws_cloudformation_stack" "spare" {
  name       = "spare"
  parameters = { User = aws_cloudformation_stack.users.outputs["RobotName"] }

  template_body = <<-YAML
    Parameters:
      User:
        Type: String
    Resources:
      Key:
        Type: AWS::IAM::AccessKey
        Properties:
          UserName: !Ref User
  YAML
}
