variable "turn" {
  type = number
}

resource "aws_iam_access_key" "even" {
  user   = "rotor"
  status = element(["Active", "Inactive"], var.turn)
}

resource "aws_iam_access_key" "odd" {
  user   = "rotor"
  status = element(["Inactive", "Active"], var.turn)
}
