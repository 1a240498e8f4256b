const service = {
  service: 'shop',
  resources: {Resources: {Old: {Type: 'AWS::IAM::AccessKey', Properties: {UserName: 'ci'}}}},
};
module.exports = service;
