resource "awscc_cloudformation_stack_set" "keys" {
  stack_set_name   = "keys"
  permission_model = "SELF_MANAGED"
  parameters       = [{ parameter_key = "Other", parameter_value = "robot" }]
  template_body    = file("${path.module}/keys.txt")
}
