role = "arn:aws:iam::345678901234:role/terraform"
