variable "inner" {
  type = string
}

module "robot" {
  source = var.inner
  robot  = "backup"
}
