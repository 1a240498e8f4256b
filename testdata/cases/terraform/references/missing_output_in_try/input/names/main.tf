output "first" {
  value = "ci"
}
