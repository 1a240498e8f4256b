output "name" {
  value     = "deploy"
  sensitive = true
}
