variable "t" {
  type      = string
  ephemeral = true
  default   = "x"
}
variable "a" {
  type      = string
  ephemeral = true
  default   = "a"
}
variable "n" {
  type      = number
  ephemeral = true
  default   = 1
}
variable "te" {
  type      = bool
  ephemeral = true
  default   = true
}
variable "tl" {
  type      = list(string)
  ephemeral = true
  default   = ["x"]
}
variable "nl" {
  type      = list(number)
  ephemeral = true
  default   = [1]
}
variable "tm" {
  type      = map(string)
  ephemeral = true
  default   = { a = "x" }
}
variable "p" {
  type    = string
  default = "p"
}
locals {
  w    = "name"
  o    = { name = "ci", token = var.t }
  list = ["a", var.t]
  m    = tomap({ a = "x", b = "y" })
  one  = ["a"]
  both = { a = local.o.name, b = local.o.token }
}
resource "terraform_data" "w" {
  input = 1
}
