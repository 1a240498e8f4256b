rotating = false
