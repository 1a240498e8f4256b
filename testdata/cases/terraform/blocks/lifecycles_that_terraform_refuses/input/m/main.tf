output "out" {
  value = { name = "x" }
}
