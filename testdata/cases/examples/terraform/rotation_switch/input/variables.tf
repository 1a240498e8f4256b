variable "rotating" {
  description = "Whether a second key of the uploader exists."
  type        = bool
  default     = false
}
