generations = ["v1", "v2"]
