users = {
  ci     = { rotating = true }
  deploy = { rotating = false }
}
