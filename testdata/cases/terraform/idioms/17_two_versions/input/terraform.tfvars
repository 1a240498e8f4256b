key_versions = ["v1", "v2"]
