robot = null
