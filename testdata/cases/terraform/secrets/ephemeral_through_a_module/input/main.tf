variable "token" {
  type      = string
  ephemeral = true
  default   = "x"
}

module "ci" {
  source = "./ci"
  name   = upper(var.token)
}
