output "name" {
  value     = "deploy"
  sensitive = true
}

output "other" {
  value     = "release"
  sensitive = true
}
