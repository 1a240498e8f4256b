resource "aws_iam_access_key" "k" {
  count = 2
  user  = data.terraform_remote_state.names.outputs.deploy
}
