resource "aws_iam_user" "deploy" {
  name = "deploy"
  tags = { team = "delivery" }

  lifecycle {
    ignore_changes = [tags["team"], permissions_boundary]
  }
}

resource "aws_iam_access_key" "old" {
  user       = aws_iam_user.deploy.name
  depends_on = [aws_iam_user.deploy]

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [status]
    replace_triggered_by  = [aws_iam_user.deploy.unique_id]

    precondition {
      condition     = aws_iam_user.deploy.name != ""
      error_message = "a user has a name"
    }
    postcondition {
      condition     = self.status != "Expired"
      error_message = "${self.user} has an expired key"
    }
  }
}

resource "aws_iam_access_key" "new" {
  user = aws_iam_user.deploy.name

  lifecycle {
    ignore_changes = all
  }

  provisioner "local-exec" {
    command = "echo ${self.user} ${aws_iam_access_key.new.id}"
  }
}
