locals {
  notes = <<END
EOT is what ends this text, on a line of its own
EOT) is not
  END
}

resource "aws_iam_access_key" "old" {
  user = "A-b"
}

resource "aws_iam_access_key" "new" {
  user = trimspace(split(" ", local.notes)[0]) == "EOT" ? "deploy" : "A-b"
}
