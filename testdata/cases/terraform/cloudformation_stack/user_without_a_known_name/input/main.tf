variable "login" {
  type = string
}

resource "aws_iam_access_key" "own" {
  user = "svc-${var.login}"
}

resource "aws_cloudformation_stack" "key" {
  name          = "key"
  template_body = <<YAML
Resources:
  Key:
    Type: AWS::IAM::AccessKey
    Properties:
      UserName: svc-${var.login}
YAML
}
