resource "aws_cloudformation_stack" "keys" {
  name          = "keys"
  template_body = <<-E
    Resources:
      First:
        Type: AWS::IAM::AccessKey
        Properties:
          UserName:
      Second: {Type: AWS::IAM::AccessKey, Properties: {UserName: deploy}}
  E
}
