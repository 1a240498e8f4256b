output "ids" {
  value = [aws_iam_access_key.first.id, 
