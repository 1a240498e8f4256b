# cloudposse/label/null: the id is computed where everything it is made of is known, else it is one symbol per inputs.
locals {
  merged = {
    enabled             = coalesce(var.enabled, try(var.context.enabled, null), true)
    namespace           = var.namespace == null ? try(var.context.namespace, null) : var.namespace
    tenant              = var.tenant == null ? try(var.context.tenant, null) : var.tenant
    environment         = var.environment == null ? try(var.context.environment, null) : var.environment
    stage               = var.stage == null ? try(var.context.stage, null) : var.stage
    name                = var.name == null ? try(var.context.name, null) : var.name
    delimiter           = var.delimiter == null ? try(var.context.delimiter, null) : var.delimiter
    attributes          = [try(var.context.attributes, null), var.attributes]
    label_order         = var.label_order == null ? try(var.context.label_order, null) : var.label_order
    regex_replace_chars = var.regex_replace_chars == null ? try(var.context.regex_replace_chars, null) : var.regex_replace_chars
    id_length_limit     = var.id_length_limit == null ? try(var.context.id_length_limit, null) : var.id_length_limit
    label_value_case    = var.label_value_case == null ? try(var.context.label_value_case, null) : var.label_value_case
  }
  delimiter = local.merged.delimiter == null ? "-" : local.merged.delimiter
  chars     = try(coalesce(local.merged.regex_replace_chars), "/[^-a-zA-Z0-9]/")
  case      = try(coalesce(local.merged.label_value_case), "lower")
  limit     = local.merged.id_length_limit == null ? 0 : local.merged.id_length_limit
  order     = try(coalescelist(local.merged.label_order), ["namespace", "environment", "stage", "name", "attributes"])
  all       = compact(distinct(flatten([for a in local.merged.attributes : a == null ? [] : a])))
  cleaned = {
    for k, v in {
      namespace   = [local.merged.namespace]
      tenant      = [local.merged.tenant]
      environment = [local.merged.environment]
      stage       = [local.merged.stage]
      name        = [local.merged.name]
      attributes  = local.all
    } : k => [for t in v : replace(t == null ? "" : t, local.chars, "")]
  }
  cased = {
    for k, v in local.cleaned : k => join(local.delimiter, compact(distinct([
      for t in v : local.case == "none" ? t : local.case == "upper" ? upper(t) : local.case == "title" ? title(lower(t)) : lower(t)
    ])))
  }
  full   = join(local.delimiter, [for l in local.order : local.cased[l] if local.cased[l] != ""])
  room   = local.limit - 5 - length(local.delimiter)
  hash   = "${md5(local.full)}qrstuvwxyz"
  spoken = local.case == "upper" ? upper(local.hash) : local.case == "title" ? title(local.hash) : local.hash
  start  = local.room <= 0 ? "" : "${trimsuffix(substr(local.full, 0, local.room), local.delimiter)}${local.delimiter}"
  short  = substr("${local.start}${replace(local.spoken, local.chars, "")}", 0, local.limit)
}
output "id" { value = local.merged.enabled ? known_or_symbol(local.merged, local.limit != 0 && length(local.full) > local.limit ? local.short : local.full) : "" }
output "id_full" { value = local.merged.enabled ? known_or_symbol(local.merged, local.full) : "" }
output "enabled" { value = local.merged.enabled }
output "namespace" { value = local.merged.enabled ? known_or_symbol(local.merged, local.cased.namespace) : "" }
output "tenant" { value = local.merged.enabled ? known_or_symbol(local.merged, local.cased.tenant) : "" }
output "environment" { value = local.merged.enabled ? known_or_symbol(local.merged, local.cased.environment) : "" }
output "stage" { value = local.merged.enabled ? known_or_symbol(local.merged, local.cased.stage) : "" }
output "name" { value = local.merged.enabled ? known_or_symbol(local.merged, local.cased.name) : "" }
output "delimiter" { value = local.delimiter }
output "attributes" { value = local.all }
output "label_order" { value = local.order }
output "context" { value = merge(local.merged, { attributes = local.all }) }
output "normalized_context" { value = merge(local.merged, { attributes = local.all }) }
