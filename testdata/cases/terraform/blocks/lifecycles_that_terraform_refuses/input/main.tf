module "m" {
  source = "./m"
}

data "aws_iam_user" "ops" {
  user_name = "ops"
}

resource "aws_iam_access_key" "twice" {
  user = "deploy"

  lifecycle {
    prevent_destroy = true
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_iam_access_key" "destroyed_word" {
  user = "deploy"

  lifecycle {
    create_before_destroy = "maybe"
  }
}

resource "aws_iam_access_key" "destroyed_null" {
  user = "deploy"

  lifecycle {
    create_before_destroy = null
  }
}

resource "aws_iam_access_key" "destroyed_number" {
  user = "deploy"

  lifecycle {
    create_before_destroy = 1
  }
}

resource "aws_iam_access_key" "destroyed_call" {
  user = "deploy"

  lifecycle {
    create_before_destroy = tobool("true")
  }
}

resource "aws_iam_access_key" "argument" {
  user = "deploy"

  lifecycle {
    remake = true
  }
}

resource "aws_iam_access_key" "block" {
  user = "deploy"

  lifecycle {
    remade {
    }
  }
}

resource "aws_iam_access_key" "ignores_a_word" {
  user = "deploy"

  lifecycle {
    ignore_changes = some
  }
}

resource "aws_iam_access_key" "its_own_attribute" {
  user = "deploy"

  lifecycle {
    postcondition {
      condition     = self.owner == "deploy"
      error_message = "Not ours."
    }
  }
}

resource "aws_iam_access_key" "its_own_address" {
  user = "deploy"

  lifecycle {
    precondition {
      condition     = aws_iam_access_key.its_own_address.user == "deploy"
      error_message = "Not ours."
    }
  }
}

resource "aws_iam_access_key" "provisioner" {
  user = "deploy"

  provisioner "local-exec" {
    command = "echo ${self.owner}"
  }
}

resource "aws_iam_access_key" "label" {
  user = "deploy"

  _ "escape" {
    status = "Active"
  }
}

resource "aws_iam_access_key" "part_of_an_output" {
  user = "deploy"

  depends_on = [module.m.out.name]
}

resource "aws_iam_access_key" "attribute_of_data" {
  user = "deploy"

  depends_on = [data.aws_iam_user.ops.arn]
}
