robots = "backup"
