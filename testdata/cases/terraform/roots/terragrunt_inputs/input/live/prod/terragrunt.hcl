terraform {
  source = "../../modules/keys"
}
inputs = {
  keys = 2
  user = "ci"
}
