keys = 2
