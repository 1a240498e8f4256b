owner = "Night-Owl"
