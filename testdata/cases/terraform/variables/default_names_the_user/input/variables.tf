variable "user_name" {
  type    = string
  default = "scanner"
}
