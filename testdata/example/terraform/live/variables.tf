variable "environment" {
  type = string
}

variable "deploy_keys" {
  type    = number
  default = 1
}

variable "old_host" {
  type        = bool
  description = "Whether the old host still sends mail"
}
