//! CDK cloud assemblies to access keys.
