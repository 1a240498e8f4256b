variable "user_name" {
  type    = string
  default = "nobody"
}
