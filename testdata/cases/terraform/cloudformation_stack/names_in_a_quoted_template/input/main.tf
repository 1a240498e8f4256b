variable "env" {
  type = string
}

resource "aws_cloudformation_stack" "robots" {
  name       = "robots"
  parameters = { Env = var.env }

  template_body = "{\"Parameters\": {\"Env\": {\"Type\": \"String\"}},\n \"Resources\": {\"Key\": {\"Type\": \"AWS::IAM::AccessKey\", \"Properties\": {\n  \"UserName\": {\"Fn::Sub\": \"ci-$${Env}-${var.env}\"}}}}}"
}

resource "aws_iam_access_key" "other" {
  user = "ci-${var.env}-${var.env}"
}
