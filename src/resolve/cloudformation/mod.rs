//! CloudFormation templates to access keys.
