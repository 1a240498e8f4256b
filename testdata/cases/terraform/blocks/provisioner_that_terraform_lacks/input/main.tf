resource "aws_iam_access_key" "a" {
  user = "deploy"

  provisioner "shell" {
    command = "true"
  }
}

resource "aws_iam_access_key" "b" {
  user = "deploy"

  provisioner "local-exec" {
    when = destroy
  }
}
