resource "aws_instance" "i" {
  count = 1
}

resource "aws_iam_access_key" "path" {
  user = "${path.working}x"
}

resource "aws_iam_access_key" "terraform" {
  user = terraform.env
}

resource "aws_iam_access_key" "ephemeral" {
  user = ephemeral.random_password.x.result
}

resource "aws_iam_access_key" "counted" {
  user = "u${aws_instance.i[0].count}"
}
