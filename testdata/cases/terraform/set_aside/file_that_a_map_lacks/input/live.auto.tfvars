size = "tiny"
