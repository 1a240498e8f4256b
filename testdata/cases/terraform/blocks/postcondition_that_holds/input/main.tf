terraform {
  required_providers {
    amazon = {
      source = "hashicorp/aws"
    }
  }
}

resource "aws_iam_access_key" "a" {
  user     = "deploy"
  provider = amazon

  provisioner "local-exec" {
    command = "true"
  }

  lifecycle {
    prevent_destroy       = "true"
    create_before_destroy = !true

    postcondition {
      condition     = self.user == "deploy" && self.status == "Active"
      error_message = "This key is for deployments."
    }

    postcondition {
      condition     = self.id != "" && self.encrypted_secret == null
      error_message = "This key is not whole."
    }
  }
}

resource "aws_iam_access_key" "b" {
  user     = "deploy"
  provider = amazon
}
