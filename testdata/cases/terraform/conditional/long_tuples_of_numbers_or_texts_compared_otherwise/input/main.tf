variable "on" {
  type = bool
}

variable "extra" {
  type = bool
}

locals {
  codes = var.on ? concat([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24], var.extra ? [3] : []) : concat(["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "w9", "w10", "w11", "w12", "w13", "w14", "w15", "w16", "w17", "w18", "w19", "w20", "w21", "w22", "w23", "w24"], var.extra ? ["last"] : [])
}

resource "aws_iam_access_key" "one" {
  user = "reporter"
}

resource "aws_iam_access_key" "two" {
  user   = "reporter"
  status = var.on && local.codes[0] == 1 ? "Active" : "Inactive"
}
