output "name" {
  value = var.user_name
}
