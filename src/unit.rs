//! Units: what is deployed as one, and how it is called.

/// The kinds of deployment unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitKind {
    /// A Terraform or OpenTofu root module.
    Terraform,
    /// A CloudFormation template.
    CloudFormation,
    /// A CDK cloud assembly.
    Cdk,
}

impl UnitKind {
    /// The name in the JSON contract.
    pub fn name(self) -> &'static str {
        match self {
            UnitKind::Terraform => "terraform",
            UnitKind::CloudFormation => "cloudformation",
            UnitKind::Cdk => "cdk",
        }
    }
}

/// A deployment unit as reports name it: its kind and its path (a folder for Terraform and CDK, a file for a
/// template), relative to the working directory, with `/`, `.` for the working directory itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitName {
    /// Which kind.
    pub kind: UnitKind,
    /// Its folder or file.
    pub path: String,
}
