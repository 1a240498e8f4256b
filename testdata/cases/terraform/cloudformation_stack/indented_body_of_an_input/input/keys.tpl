Resources:
  A:
    Type: AWS::IAM::AccessKey
    Properties:
      UserName: ${name}
  B:
    Type: AWS::IAM::AccessKey
    Properties:
      UserName: ${name}
