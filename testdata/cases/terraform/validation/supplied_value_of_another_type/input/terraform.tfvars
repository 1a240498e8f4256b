keys = "several"
