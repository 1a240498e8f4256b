resource "aws_iam_access_key" "a" {
  user = rsadecrypt(file("${path.module}/owner.b64"), file("${path.module}/key.pem"))
}
resource "aws_iam_access_key" "b" {
  user = rsadecrypt(file("${path.module}/other.b64"), file("${path.module}/key.pem"))
}
