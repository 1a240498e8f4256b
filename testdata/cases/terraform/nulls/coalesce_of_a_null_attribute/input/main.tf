resource "example_account" "robot" {}

resource "aws_iam_access_key" "named" {
  user = coalesce(example_account.robot.nickname, "robot")
}

resource "aws_iam_access_key" "nameless" {
  count = example_account.robot.nickname == null ? 1 : 0
  user  = "robot"
}
