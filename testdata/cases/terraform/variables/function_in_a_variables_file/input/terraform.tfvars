keys = length(["old", "new"])
