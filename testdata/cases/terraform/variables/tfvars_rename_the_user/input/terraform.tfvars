user_name = "scanner-eu"
