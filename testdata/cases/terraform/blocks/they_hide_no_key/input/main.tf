terraform {
  required_version = ">= 1.7"
}

moved {
  from = aws_iam_access_key.old
  to   = aws_iam_access_key.first
}

removed {
  from = aws_iam_access_key.forgotten
  lifecycle {
    destroy = false
  }
}

import {
  to = aws_iam_access_key.first
  id = "AKIAIOSFODNN7EXAMPLE"
}

ephemeral "aws_secretsmanager_secret_version" "token" {
  secret_id = "token"
}

check "reachable" {
  data "http" "health" {
    url = "https://example.com/health"
  }
  assert {
    condition     = data.http.health.status_code == 200
    error_message = "not reachable"
  }
}

action "aws_lambda_invoke" "notify" {
  config {
    function_name = "notify"
  }
}

some_later_block "x" {
  resource "aws_iam_access_key" "inside" {
    user = "ci"
  }
}

resource "aws_iam_access_key" "first" {
  user = "ci"
  lifecycle {
    ignore_changes = [status]
    action_trigger {
      events  = [after_create]
      actions = [action.aws_lambda_invoke.notify]
    }
  }
}

resource "aws_iam_access_key" "second" {
  user = "ci"
}
