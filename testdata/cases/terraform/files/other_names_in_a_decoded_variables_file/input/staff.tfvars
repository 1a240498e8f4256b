lead   = "mira"
deputy = "noor"
