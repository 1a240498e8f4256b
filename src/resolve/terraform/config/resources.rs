//! The types of resources that decide about keys and users.

/// Resource types that make an access key; all have `user` and `status`.
pub const KEY_TYPES: [&str; 2] = ["aws_iam_access_key", "awsutils_expiring_iam_access_key"];
/// Resource types that declare a user, with the attribute that names it.
pub const USER_TYPES: [(&str, &str); 2] = [("aws_iam_user", "name"), ("awscc_iam_user", "user_name")];

/// Resource types that deploy a template.
pub const STACK_TYPES: [&str; 5] = [
    "aws_cloudformation_stack",
    "awscc_cloudformation_stack",
    "aws_serverlessapplicationrepository_cloudformation_stack",
    STACK_SET_TYPES[0],
    STACK_SET_TYPES[1],
];
/// Those of them that deploy it to other accounts.
pub const STACK_SET_TYPES: [&str; 2] = ["aws_cloudformation_stack_set", "awscc_cloudformation_stack_set"];

/// Resource types that take a stack set's template to accounts and regions: to one of each, and to several.
pub const PLACING_TYPES: [&str; 2] =
    ["aws_cloudformation_stack_set_instance", "aws_cloudformation_stack_instances"];

/// Whether a resource of this type makes a key, or deploys a template that may.
pub fn makes_keys(kind: &str) -> bool {
    KEY_TYPES.contains(&kind) || STACK_TYPES.contains(&kind)
}
