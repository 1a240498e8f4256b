variable "profile" {
  type    = string
  default = ""
}

variable "spare" {
  type    = bool
  default = false
}

provider "aws" {
  alias   = "main"
  profile = var.profile
}

provider "aws" {
  alias   = "spare"
  profile = ""
}

resource "aws_iam_access_key" "main" {
  provider = aws.main
  user     = "robot"
}

resource "aws_iam_access_key" "spare" {
  provider = aws.spare
  count    = var.spare ? 1 : 0
  user     = "robot"
}
