resource "aws_cloudformation_stack" "keys" {
  name = "keys"
  template_body = jsonencode({
    Transform = "AWS::LanguageExtensions"
    Resources = {
      "Fn::ForEach::Keys" = ["Of", [trimspace(file("${path.module}/secret.txt")), "b"], {
        "Key&{Of}" = { Type = "AWS::IAM::AccessKey", Properties = { UserName = "robot" } }
      }]
    }
  })
}
