terraform {
  source = "../../modules/keys"
}
inputs = merge({ region = "x" }, {
  "region" = "eu-west-1"
  user     = "ci"
  "keys"   = 2
})
