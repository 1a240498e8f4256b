output "token" {
  value     = "deploy"
  ephemeral = true
}

output "name" {
  value = "deploy"
}
