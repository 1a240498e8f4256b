provider "aws" {
  alias               = "vault"
  allowed_account_ids = ["210987654321"]
}
