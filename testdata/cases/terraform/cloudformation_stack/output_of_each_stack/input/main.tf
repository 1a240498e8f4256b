resource "aws_cloudformation_stack" "team" {
  for_each   = toset(["blue", "green"])
  name       = each.key
  parameters = { Name = each.key }

  template_body = <<-YAML
    Parameters:
      Name:
        Type: String
    Resources:
      Robot:
        Type: AWS::IAM::User
        Properties:
          UserName: !Sub "$${Name}-robot"
    Outputs:
      Robot:
        Value: !Ref Robot
  YAML
}

resource "aws_iam_access_key" "robot" {
  for_each = aws_cloudformation_stack.team
  user     = each.value.outputs["Robot"]
}
