users = [
  {
    name = "indexer"
    access_keys = [
      { name = "spring" },
      { name = "summer", status = "Inactive" },
    ]
  },
  {
    name        = "auditor"
    access_keys = [{ name = "only" }]
  },
]
