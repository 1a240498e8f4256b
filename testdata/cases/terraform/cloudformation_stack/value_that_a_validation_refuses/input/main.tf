variable "user" {
  validation {
    condition     = length(var.user) > 5
    error_message = "A user has a longer name."
  }
}

resource "aws_cloudformation_stack" "keys" {
  name          = "keys"
  template_body = <<-E
    Resources:
      First: {Type: AWS::IAM::AccessKey, Properties: {UserName: "${var.user}"}}
      Second: {Type: AWS::IAM::AccessKey, Properties: {UserName: "${var.user}"}}
  E
}
