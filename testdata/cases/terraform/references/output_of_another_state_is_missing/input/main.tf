data "terraform_remote_state" "people" {
  backend = "local"
}

resource "aws_iam_access_key" "deployer" {
  user = try(data.terraform_remote_state.people.outputs.deployer, "ops")
}

resource "aws_iam_access_key" "auditor" {
  user = try(data.terraform_remote_state.people.outputs.auditor, "ops")
}
