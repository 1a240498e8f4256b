variable "users" {
  type      = map(string)
  default   = { first = "mail", second = "mail" }
  sensitive = true
}

output "by_slot" {
  value     = var.users
  sensitive = true
}
