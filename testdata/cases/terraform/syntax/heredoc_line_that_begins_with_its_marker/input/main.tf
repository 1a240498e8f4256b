locals {
  notes = <<EOT
EOT is what ends this text, on a line of its own
EOT) is not
  EOT
  other = <<-A
    A-b
    A
}

resource "aws_iam_access_key" "old" {
  user = trimspace(local.other)
}

resource "aws_iam_access_key" "new" {
  user = trimspace(split(" ", local.notes)[0]) == "EOT" ? "A-b" : "other"
}
