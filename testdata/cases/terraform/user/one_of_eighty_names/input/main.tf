variable "robot" {
  type = string
  validation {
    condition     = contains(["svc-00", "svc-01", "svc-02", "svc-03", "svc-04", "svc-05", "svc-06", "svc-07", "svc-08", "svc-09", "svc-10", "svc-11", "svc-12", "svc-13", "svc-14", "svc-15", "svc-16", "svc-17", "svc-18", "svc-19", "svc-20", "svc-21", "svc-22", "svc-23", "svc-24", "svc-25", "svc-26", "svc-27", "svc-28", "svc-29", "svc-30", "svc-31", "svc-32", "svc-33", "svc-34", "svc-35", "svc-36", "svc-37", "svc-38", "svc-39", "svc-40", "svc-41", "svc-42", "svc-43", "svc-44", "svc-45", "svc-46", "svc-47", "svc-48", "svc-49", "svc-50", "svc-51", "svc-52", "svc-53", "svc-54", "svc-55", "svc-56", "svc-57", "svc-58", "svc-59", "svc-60", "svc-61", "svc-62", "svc-63", "svc-64", "svc-65", "svc-66", "svc-67", "svc-68", "svc-69", "svc-70", "svc-71", "svc-72", "svc-73", "svc-74", "svc-75", "svc-76", "svc-77", "svc-78", "svc-79"], var.robot)
    error_message = "not one of ours"
  }
}

resource "aws_iam_access_key" "chosen" {
  user = var.robot
}

resource "aws_iam_access_key" "fixed" {
  user = "svc-61"
}
