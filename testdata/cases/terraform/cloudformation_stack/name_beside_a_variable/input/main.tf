variable "env" {
  type = string
}

resource "aws_cloudformation_stack" "robots" {
  name       = "robots"
  parameters = { Env = var.env }

  template_body = <<-EOF
    Parameters:
      Env:
        Type: String
    Resources:
      Key:
        Type: AWS::IAM::AccessKey
        Properties: {UserName: !Sub "ci-$${Env}-${var.env}"}
  EOF
}

resource "aws_iam_access_key" "other" {
  user = "ci-${var.env}-${var.env}"
}
