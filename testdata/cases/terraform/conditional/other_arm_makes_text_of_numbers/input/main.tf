variable "numbered" {
  type = bool
}

variable "lettered" {
  type = bool
}

resource "aws_iam_access_key" "slot" {
  for_each = var.numbered ? { for i in range(2) : "n${i}" => i } : { for n in ["x"] : n => n if var.lettered }
  user     = "printer"
  status   = each.value == 0 ? "Inactive" : "Active"
}
