rotating = true
