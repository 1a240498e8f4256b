variable "generations" {
  type      = list(string)
  sensitive = true
  default   = ["blue-1", "green-2"]
}

resource "aws_iam_access_key" "each" {
  count = length(var.generations)
  user  = "deploy"
}
