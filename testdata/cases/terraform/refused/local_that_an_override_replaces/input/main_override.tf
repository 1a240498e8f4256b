locals {
  owner = "deploy"
}
