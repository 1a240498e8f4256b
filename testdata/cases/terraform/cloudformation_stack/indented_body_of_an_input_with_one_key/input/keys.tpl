Resources:
  A:
    Type: AWS::IAM::AccessKey
    Properties:
      UserName: ${name}
