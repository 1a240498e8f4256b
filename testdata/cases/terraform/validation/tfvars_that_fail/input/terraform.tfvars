robot = "backup"
