variable "robot" {
  type = string
}

module "primary" {
  source    = "../access-key"
  user_name = var.robot
}

module "secondary" {
  source    = "../access-key"
  user_name = var.robot
  status    = "Inactive"
}
