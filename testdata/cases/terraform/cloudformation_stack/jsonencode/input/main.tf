resource "aws_iam_user" "robot" {
  name = "robot"
}

resource "aws_iam_access_key" "own" {
  user = aws_iam_user.robot.name
}

variable "spare" {
  type = bool
}

resource "aws_cloudformation_stack" "key" {
  name = "key"
  template_body = jsonencode({
    Conditions = {
      Spare = { "Fn::Equals" = [var.spare, true] }
    }
    Resources = {
      Key = {
        Type      = "AWS::IAM::AccessKey"
        Condition = "Spare"
        Properties = {
          UserName = aws_iam_user.robot.name
        }
      }
    }
  })
}
