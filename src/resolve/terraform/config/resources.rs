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

/// Arguments that Terraform itself knows in the block of every resource.
pub(super) const META: [&str; 4] = ["count", "depends_on", "for_each", "provider"];

/// Attributes of the resource types that decide about users and keys: the type, whether it is a data source, its attributes
/// that are a single text, number or bool, and the others. All that any version of the provider has.
///
/// Source: provider documentation, "Argument Reference" and "Attribute Reference" of each.
const ATTRIBUTES: [(&str, bool, &[&str], &[&str]); 6] = [
    (
        "aws_iam_user",
        false,
        &["arn", "force_destroy", "id", "name", "path", "permissions_boundary", "unique_id"],
        &["tags", "tags_all"],
    ),
    ("aws_iam_user", true, &["arn", "id", "path", "permissions_boundary", "user_id", "user_name"], &["tags"]),
    (
        "aws_iam_access_key",
        false,
        &[
            "create_date",
            "encrypted_secret",
            "encrypted_ses_smtp_password_v4",
            "id",
            "key_fingerprint",
            "pgp_key",
            "secret",
            "ses_smtp_password",
            "ses_smtp_password_v4",
            "status",
            "user",
        ],
        &[],
    ),
    ("aws_caller_identity", true, &["account_id", "arn", "id", "user_id"], &[]),
    ("null_resource", false, &["id"], &["triggers"]),
    ("terraform_data", false, &["id"], &["input", "output", "triggers_replace"]),
];

/// The attributes of a resource type that are a single value, and the others; `None` for a type that is not known here.
pub fn attributes(kind: &str, data: bool) -> Option<(&'static [&'static str], &'static [&'static str])> {
    let row = ATTRIBUTES.iter().find(|(of, is_data, ..)| *of == kind && *is_data == data);
    row.map(|(_, _, single, others)| (*single, *others))
}

/// Whether a resource type is known not to have an attribute.
pub fn lacks(kind: &str, data: bool, name: &str) -> bool {
    attributes(kind, data).is_some_and(|(single, others)| !single.contains(&name) && !others.contains(&name))
}
