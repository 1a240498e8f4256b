variable "shift" {
  type = string

  validation {
    condition     = contains(["early", "late"], var.shift)
    error_message = "Early or late."
  }
}
