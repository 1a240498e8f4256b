Resources:
%{ for slot in slots ~}
  ${slot}:
    Type: AWS::IAM::AccessKey
    Properties:
      UserName: ci
%{ endfor ~}
