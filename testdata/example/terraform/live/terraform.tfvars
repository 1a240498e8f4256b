environment = "live"
deploy_keys = 2
