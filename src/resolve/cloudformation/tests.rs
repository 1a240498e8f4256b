//! Templates in, keys out: one line per key, `address user status exists`.

use std::path::Path;

use super::*;

pub(crate) fn keys(text: &str) -> String {
    keys_with(text, &[], Mode::Supplied)
}

fn keys_with(text: &str, parameters: &[(&str, &str)], mode: Mode) -> String {
    let files = Files::new("/nowhere".into());
    files.insert(Path::new("t.yaml"), text.as_bytes().to_vec()).unwrap();
    shown(&files, parameters, mode)
}

fn shown(files: &Files, parameters: &[(&str, &str)], mode: Mode) -> String {
    let mut inputs = Inputs::default();
    for (name, value) in parameters {
        inputs.parameters.insert(name.to_string(), value.to_string());
    }
    let mut out = Vec::new();
    for r in resolve(Path::new("t.yaml"), files, &inputs, mode) {
        for key in &r.keys {
            out.push(format!(
                "{} {} {} {}",
                key.address,
                r.cx.show(&key.user),
                r.cx.show(&key.status),
                r.cx.show_guard(key.exists)
            ));
        }
        out.extend(
            r.refusals.iter().map(|x| format!("refused {}: {}", r.cx.show_guard(x.when), x.problem.reason)),
        );
        out.extend(r.problems.iter().map(|p| format!("{}: {}", p.kind.name(), p.reason)));
    }
    out.join("\n")
}

#[test]
fn a_literal_and_a_reference_to_a_user() {
    let text = "Resources:\n  U: {Type: AWS::IAM::User, Properties: {UserName: ci}}\n  V: {Type: AWS::IAM::User}\n  \
                A: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref U}}\n  \
                B: {Type: AWS::IAM::AccessKey, Properties: {UserName: ci, Status: Inactive}}\n  \
                C: {Type: AWS::IAM::AccessKey, Properties: {UserName: {Ref: V}}}\n";
    assert_eq!(keys(text), "A \"ci\" null true\nB \"ci\" \"Inactive\" true\nC V null true");
}
