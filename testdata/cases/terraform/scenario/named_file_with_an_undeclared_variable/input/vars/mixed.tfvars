keys   = 2
region = "eu-west-1"
