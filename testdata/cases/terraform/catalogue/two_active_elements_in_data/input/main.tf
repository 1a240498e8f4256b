module "iam" {
  source  = "Flaconi/iam-roles/aws"
  version = "~> 7.0"
  users = [
    {
      name = "robot"
      access_keys = [
        { name = "first" },
        { name = "second" },
      ]
    },
  ]
}
