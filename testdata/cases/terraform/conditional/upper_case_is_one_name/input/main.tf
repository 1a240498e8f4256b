variable "stage" {
  type = string
}

resource "aws_iam_access_key" "one" {
  user   = "reporter"
  status = upper(trimspace(var.stage)) == "LIVE" ? "Active" : "Inactive"
}

resource "aws_iam_access_key" "two" {
  user   = "reporter"
  status = upper(trimspace(var.stage)) != "NEXT" ? "Active" : "Inactive"
}
