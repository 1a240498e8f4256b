provider "aws" {
  alias  = "x"
  region = "eu-west-1"
}
