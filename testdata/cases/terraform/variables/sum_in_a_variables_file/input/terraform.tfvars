keys = 1 + 1
