owner = "Day-Owl"
