users = [
  {
    name = "indexer"
    access_keys = [
      { name = "spring" },
      { name = "summer", status = "Active" },
    ]
  },
  {
    name        = "auditor"
    access_keys = [{ name = "only" }]
  },
]
