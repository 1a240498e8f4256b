variable "session" {
  ephemeral = true
  default   = "s"
}

module "bot" {
  source = "./bot"
  token  = var.session
}
