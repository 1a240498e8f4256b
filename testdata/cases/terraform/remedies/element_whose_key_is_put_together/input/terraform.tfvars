robots = [
  { team = "ops", user = "ci", slot = 1 },
  { team = "web", user = "cd", slot = 1 },
  { team = "ops", user = "ci", slot = 2 },
]
