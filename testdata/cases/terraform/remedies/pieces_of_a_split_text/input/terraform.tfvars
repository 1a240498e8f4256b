slots = "blue,green"
