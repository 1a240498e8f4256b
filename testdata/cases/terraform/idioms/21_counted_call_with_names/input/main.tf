variable "prefix" {
  type = string
}

module "key" {
  source = "./key"
  count  = 2
  name   = "${var.prefix}-${count.index}"
}
