resource "aws_iam_access_key" "k" {
  count = 2
  user  = rsadecrypt(file("${path.module}/owner.b64"), file("${path.module}/key.pem"))
}
