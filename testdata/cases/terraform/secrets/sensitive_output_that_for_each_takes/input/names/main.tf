variable "user" {
  default = "mail"
}

output "by_slot" {
  value     = { first = var.user, second = var.user }
  sensitive = true
}
