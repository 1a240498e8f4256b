user_name = "scanner"
