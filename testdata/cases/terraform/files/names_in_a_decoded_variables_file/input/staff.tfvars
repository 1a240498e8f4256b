lead   = "mira"
deputy = "mira"
