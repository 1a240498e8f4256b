data "terraform_remote_state" "people" {
  backend = "local"
}

resource "aws_iam_access_key" "deployer" {
  count = can(data.terraform_remote_state.people.outputs.deployer) ? 0 : 1
  user  = "ops"
}

resource "aws_iam_access_key" "auditor" {
  count = can(data.terraform_remote_state.people.outputs.deployer) ? 1 : 0
  user  = "ops"
}
