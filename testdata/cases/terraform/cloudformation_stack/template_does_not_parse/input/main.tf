resource "aws_iam_access_key" "own" {
  user = "robot"
}

resource "aws_cloudformation_stack" "key" {
  name          = "key"
  template_body = <<-YAML
    Resources:
      Key:
        Type: AWS::IAM::AccessKey
       Properties:
          UserName: robot
  YAML
}
