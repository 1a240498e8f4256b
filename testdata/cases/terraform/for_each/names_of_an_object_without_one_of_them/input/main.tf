variable "team" {
  type = object({
    names = optional(list(string), [])
    main  = optional(string)
  })
}

resource "aws_iam_access_key" "each" {
  for_each = toset(var.team.names)
  user     = each.key
}

resource "aws_iam_access_key" "main" {
  count = contains(var.team.names, coalesce(var.team.main, "-")) ? 0 : 1
  user  = var.team.main
}
