generate "names" {
  path      = "names.tf"
  if_exists = "overwrite"
  contents  = file("names.txt")
}
