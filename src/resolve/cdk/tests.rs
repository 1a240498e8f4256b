//! Assemblies in, keys out: one line per key, `account address user exists construct origin`.

use std::path::Path;

use super::*;
use crate::key::Mode;

/// An assembly made of files, as paths below `out` with their contents.
fn keys(contents: &[(&str, &str)]) -> String {
    let files = Files::new("/nowhere".into());
    for (path, text) in contents {
        files.insert(&Path::new("out").join(path), text.as_bytes().to_vec()).unwrap();
    }
    shown(&resolve(Path::new("out"), &files, &Inputs::default(), Mode::Supplied))
}

fn shown(r: &Resolved) -> String {
    let mut out: Vec<String> = Vec::new();
    for key in &r.keys {
        let origin =
            key.origin.as_ref().map_or("-".into(), |o| format!("{}:{}:{:?}", o.path, o.line, o.column));
        out.push(format!(
            "{} {} {} {} {} {origin}",
            r.cx.show(&key.account.scope),
            key.address,
            r.cx.show(&key.user),
            r.cx.show_guard(key.times.exists),
            key.construct.as_deref().unwrap_or("-"),
        ));
    }
    out.extend(
        r.refusals.iter().map(|x| format!("refused {}: {}", r.cx.show_guard(x.when), x.problem.reason)),
    );
    out.extend(r.problems.iter().map(|p| format!("{}: {}", p.kind.name(), p.reason)));
    out.extend(r.assumptions.iter().map(|a| format!("assumed: {}", a.reason)));
    out.join("\n")
}

/// A stack artifact of a manifest.
fn stack(name: &str, environment: &str, more: &str) -> String {
    format!(
        r#""{name}": {{"type": "aws:cloudformation:stack", "environment": "aws://{environment}",
            "properties": {{"templateFile": "{name}.template.json"}}{more}}}"#
    )
}

fn manifest(artifacts: &[String], more: &str) -> String {
    format!(r#"{{"version": "48.0.0", "artifacts": {{{}}}{more}}}"#, artifacts.join(","))
}

fn template(resources: &str, more: &str) -> String {
    format!(r#"{{"Resources": {{{resources}}}{more}}}"#)
}

fn key(id: &str, user: &str) -> String {
    format!(r#""{id}": {{"Type": "AWS::IAM::AccessKey", "Properties": {{"UserName": {user}}}}}"#)
}

#[test]
fn keys_carry_account_construct_path_and_origin() {
    let inline = r#", "metadata": {"/App/Key/Resource": [{"type": "aws:cdk:logicalId", "data": "Key1", "trace":
        ["new AccessKey (/x/node_modules/aws-cdk-lib/a.js:1:9)", "new App (/x/app.ts:3:5)"]}]}"#;
    let apart = r#", "additionalMetadataFile": "New.metadata.json""#;
    let metadata = r#"{"/New/Other": [{"type": "aws:cdk:logicalId", "data": "Key2"},
        {"type": "aws:cdk:creationStack", "data": ["...aws-cdk-lib...", "<module> (/x/app.py:8)"]}]}"#;
    let shown = keys(&[
        (
            "manifest.json",
            &manifest(
                &[
                    stack("App", "111122223333/eu-west-1", inline),
                    stack("New", "unknown-account/unknown-region", apart),
                ],
                "",
            ),
        ),
        ("App.template.json", &template(&key("Key1", "\"a\""), "")),
        (
            "New.template.json",
            &template(&key("Key2", r#"{"Fn::Sub": "${AWS::Region}-${AWS::StackName}"}"#), ""),
        ),
        ("New.metadata.json", metadata),
    ]);
    assert_eq!(
        shown,
        "\"111122223333\" App/Key1 \"a\" true App/Key /x/app.ts:3:Some(5)\n\
         \"the account of stack New\" New/Key2 \"${New/AWS::Region}-New\" true New/Other /x/app.py:8:None"
    );
}

#[test]
fn an_import_joins_user_and_account() {
    let exporter = template(
        r#""U": {"Type": "AWS::IAM::User"}"#,
        r#", "Outputs": {"O": {"Value": {"Ref": "U"}, "Export": {"Name": "Users:U"}}}"#,
    );
    let unknown = "unknown-account/unknown-region";
    let files = |import: &str| {
        keys(&[
            (
                "manifest.json",
                &manifest(
                    &[stack("Users", unknown, ""), stack("A", unknown, ""), stack("B", unknown, "")],
                    "",
                ),
            ),
            ("Users.template.json", &exporter),
            ("A.template.json", &template(&key("K", import), "")),
            ("B.template.json", &template(&key("K", import), "")),
        ])
    };
    assert_eq!(
        files(r#"{"Fn::ImportValue": "Users:U"}"#),
        "\"the account of stack Users\" A/K Users/U true - -\n\"the account of stack Users\" B/K Users/U true - -"
    );
    assert_eq!(
        files(
            r#"{"Fn::GetStackOutput": {"StackName": "Users", "OutputName": "O", "Region": {"Ref": "AWS::Region"}}}"#
        ),
        "\"the account of stack Users\" A/K Users/U true - -\n\"the account of stack Users\" B/K Users/U true - -"
    );
    assert_eq!(
        files(r#"{"Fn::ImportValue": "Other:U"}"#),
        "\"the account of stack A\" A/K Fn::ImportValue(\"Other:U\") true - -\n\
         \"the account of stack B\" B/K Fn::ImportValue(\"Other:U\") true - -\n\
         assumed: the stacks A and B are taken for two accounts, since not both name theirs; deployed to one, \
         their keys have one user"
    );
}

#[test]
fn a_stack_is_imported_from_in_its_region_and_read_by_name_in_another() {
    let exporter = template(
        r#""U": {"Type": "AWS::IAM::User"}"#,
        r#", "Outputs": {"O": {"Value": {"Ref": "U"}, "Export": {"Name": "Users:U"}}}"#,
    );
    let is_read = |environment: &str, user: &str| {
        let stacks = [stack("Users", "1/r", ""), stack("A", environment, "")];
        let shown = keys(&[
            ("manifest.json", &manifest(&stacks, "")),
            ("Users.template.json", &exporter),
            ("A.template.json", &template(&key("K", user), "")),
        ]);
        shown.contains(" A/K Users/U true")
    };
    let of = |says: &str| format!(r#"{{"Fn::GetStackOutput": {{{says}}}}}"#);
    let named = r#""StackName": "Users", "OutputName": "O""#;
    let region = format!(r#"{named}, "Region": "r""#);
    for (environment, user, read) in [
        ("1/r", r#"{"Fn::ImportValue": "Users:U"}"#.into(), true),
        ("1/s", r#"{"Fn::ImportValue": "Users:U"}"#.into(), false),
        ("2/r", r#"{"Fn::ImportValue": "Users:U"}"#.into(), false),
        ("1/r", of(named), true),
        ("1/s", of(named), false),
        ("1/s", of(&region), true),
        ("2/s", of(&region), false),
        ("2/s", of(&format!(r#"{region}, "RoleArn": "arn:aws:iam::1:role/x""#)), true),
        ("1/r", of(r#""StackName": "Others", "OutputName": "O""#), false),
        ("1/r", of(r#""StackName": "Users", "OutputName": "P""#), false),
    ] {
        assert_eq!(is_read(environment, &user), read, "{environment} {user}");
    }
}

#[test]
fn a_reader_across_regions_reads_one_name_of_several() {
    let writer = r#""W": {"Type": "Custom::CrossRegionExportWriter", "Properties": {"WriterProps": {"exports":
        {"/cdk/exports/a": "first", "/cdk/exports/b": "second"}}}}"#;
    let reader = r#""R": {"Type": "Custom::CrossRegionExportReader"}"#;
    let (a, b) = (
        key("A", r#"{"Fn::GetAtt": ["R", "/cdk/exports/a"]}"#),
        key("B", r#"{"Fn::GetAtt": ["R", "Other"]}"#),
    );
    let shown = keys(&[
        ("manifest.json", &manifest(&[stack("Far", "1/r", ""), stack("Near", "1/s", "")], "")),
        ("Far.template.json", &template(writer, "")),
        ("Near.template.json", &template(&[reader, &a, &b].join(","), "")),
    ]);
    assert_eq!(shown, "\"1\" Near/A \"first\" true - -\n\"1\" Near/B Near/R.Other true - -");
}

#[test]
fn a_stack_without_an_account_may_be_in_that_of_another() {
    let stacks = [stack("A", "unknown-account/r", ""), stack("B", "1/r", ""), stack("C", "2/r", "")];
    let own = template(&key("K", "\"ci\""), "");
    let shown = keys(&[
        ("manifest.json", &manifest(&stacks, "")),
        ("A.template.json", &own),
        ("B.template.json", &own),
        ("C.template.json", &own),
    ]);
    for (of, said) in [("A and B", true), ("A and C", true), ("B and C", false)] {
        assert_eq!(shown.contains(&format!("the stacks {of} are taken for two accounts")), said, "{shown}");
    }
}

#[test]
fn stages_are_assemblies_inside() {
    let stage = r#""assembly-Prod": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}"#;
    let shown = keys(&[
        ("manifest.json", &manifest(&[stage.into()], "")),
        // A Stage that names the folder around it ends there.
        (
            "assembly-Prod/manifest.json",
            &manifest(&[stack("ProdApp", "1/r", ""), stage.replace("Prod\"}", "Prod/..\"}")], ""),
        ),
        ("assembly-Prod/ProdApp.template.json", &template(&key("K", "\"a\""), "")),
        ("Stale.template.json", &template(&key("K", "\"a\""), "")),
    ]);
    assert_eq!(shown, "\"1\" ProdApp/K \"a\" true - -");
}

#[test]
fn stacks_of_two_stages_that_have_one_name_are_two() {
    let unknown = "unknown-account/unknown-region";
    let stage = |name: &str| {
        format!(r#""{name}": {{"type": "cdk:cloud-assembly", "properties": {{"directoryName": "{name}"}}}}"#)
    };
    let app = template(
        &[key("K", "\"a\""), key("L", r#"{"Ref": "Who"}"#)].join(","),
        r#", "Parameters": {"Who": {"Type": "String"}}"#,
    );
    let inner = manifest(&[stack("App", unknown, "")], "");
    let shown = keys(&[
        ("manifest.json", &manifest(&[stage("Dev"), stage("Prod")], "")),
        ("Dev/manifest.json", &inner),
        ("Dev/App.template.json", &app),
        ("Prod/manifest.json", &inner),
        ("Prod/App.template.json", &app),
    ]);
    assert_eq!(
        shown,
        "\"the account of stack Dev/App\" Dev/App/K \"a\" true - -\n\
         \"the account of stack Dev/App\" Dev/App/L Dev/App/Who true - -\n\
         \"the account of stack Prod/App\" Prod/App/K \"a\" true - -\n\
         \"the account of stack Prod/App\" Prod/App/L Prod/App/Who true - -\n\
         assumed: the stacks Dev/App and Prod/App are taken for two accounts, since not both name theirs; deployed to \
         one, their keys have one user"
    );
}

#[test]
fn a_stage_imports_from_itself() {
    let unknown = "unknown-account/unknown-region";
    let stage = |name: &str| {
        format!(r#""{name}": {{"type": "cdk:cloud-assembly", "properties": {{"directoryName": "{name}"}}}}"#)
    };
    let users = template(
        r#""U": {"Type": "AWS::IAM::User"}"#,
        r#", "Outputs": {"O": {"Value": {"Ref": "U"}, "Export": {"Name": "Users:U"}}}"#,
    );
    let named = stack("Users", unknown, "");
    let shown = |import: &str| {
        let app = template(&key("K", import), "");
        let files: Vec<(String, String)> = ["Dev", "Prod"]
            .iter()
            .flat_map(|name| {
                let inner = manifest(&[stack(&format!("{name}App"), unknown, ""), named.clone()], "");
                [
                    (format!("{name}/manifest.json"), inner),
                    (format!("{name}/{name}App.template.json"), app.clone()),
                    (format!("{name}/Users.template.json"), users.clone()),
                ]
            })
            .collect();
        let mut files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
        let outer = manifest(&[stage("Dev"), stage("Prod")], "");
        files.push(("manifest.json", &outer));
        keys(&files)
    };
    for import in [
        r#"{"Fn::ImportValue": "Users:U"}"#,
        r#"{"Fn::GetStackOutput": {"StackName": "Users", "OutputName": "O", "Region": {"Ref": "AWS::Region"}}}"#,
    ] {
        assert_eq!(
            shown(import),
            "\"the account of stack DevApp\" DevApp/K Dev/Users/U true - -\n\
             \"the account of stack ProdApp\" ProdApp/K Prod/Users/U true - -"
        );
    }
}

#[test]
fn nested_stacks_are_found_through_asset_manifests() {
    let assets = r#""App.assets": {"type": "cdk:asset-manifest", "properties": {"file": "App.assets.json"}}"#;
    let nest = r#""Nest": {"Type": "AWS::CloudFormation::Stack", "Properties": {
        "TemplateURL": {"Fn::Join": ["", ["https://s3.", {"Ref": "AWS::URLSuffix"}, "/bucket/abc.json"]]},
        "Parameters": {"Who": {"Ref": "U"}}}}, "U": {"Type": "AWS::IAM::User"}"#;
    let found = [
        ("manifest.json", &*manifest(&[stack("App", "1/r", ""), assets.into()], "")),
        (
            "App.assets.json",
            r#"{"files": {"abc": {"source": {"path": "n.nested.template.json"}, "destinations": {"d": {"objectKey": "abc.json"}}}}}"#,
        ),
        ("App.template.json", &*template(nest, "")),
        (
            "n.nested.template.json",
            &*template(&key("K", r#"{"Ref": "Who"}"#), r#", "Parameters": {"Who": {"Type": "String"}}"#),
        ),
    ];
    assert_eq!(keys(&found), "\"1\" App/Nest/K App/U true - -");
    let lost = keys(&[found[0], found[2]]);
    assert!(lost.starts_with("remote-template: the template of this nested stack was not found"), "{lost}");
}

#[test]
fn a_construct_path_is_that_of_the_keys_own_stack() {
    // Two nested stacks, each with one that is called alike inside, and a key called alike in each of the five stacks.
    let ids = |paths: &[(&str, &str)]| {
        let entry = |(path, id): &(&str, &str)| {
            format!(r#""/{path}": [{{"type": "aws:cdk:logicalId", "data": "{id}"}}]"#)
        };
        paths.iter().map(entry).collect::<Vec<_>>().join(",")
    };
    let metadata = ids(&[
        ("App/A/In/Key", "Key"),
        ("App/A/In.NestedStack/In.NestedStackResource", "In1"),
        ("App/A/Key", "Key"),
        ("App/A.NestedStack/A.NestedStackResource", "A1"),
        ("App/B/In/Key", "Key"),
        ("App/B/In.NestedStack/In.NestedStackResource", "In1"),
        ("App/B/Key", "Key"),
        ("App/B.NestedStack/B.NestedStackResource", "B1"),
        ("App/Key", "Key"),
    ]);
    let assets: Vec<String> = ["A", "B", "AIn", "BIn"]
        .map(|n| {
            format!(
                r#"{{"type": "aws:cdk:asset", "data": {{"path": "{n}.json", "s3KeyParameter": "{n}Key"}}}}"#
            )
        })
        .into();
    let nested = |id: &str, key: &str, down: &str| {
        format!(
            r#""{id}": {{"Type": "AWS::CloudFormation::Stack", "Properties": {{
                "TemplateURL": {{"Fn::Join": ["/", ["https://s3", {{"Ref": "{key}"}}]]}}, "Parameters": {{{down}}}}}}}"#
        )
    };
    let down = |key: &str| format!(r#""innerKey": {{"Ref": "{key}"}}"#);
    let declared = r#", "Parameters": {"innerKey": {"Type": "String"}}"#;
    let passed =
        ["AKey", "BKey", "AInKey", "BInKey"].map(|name| format!(r#""{name}": {{"Type": "String"}}"#));
    let passed = format!(r#", "Parameters": {{{}}}"#, passed.join(","));
    let own = |user: &str| key("Key", &format!("\"{user}\""));
    let more = format!(r#", "metadata": {{"/App": [{}], {metadata}}}"#, assets.join(","));
    let app =
        [own("app"), nested("A1", "AKey", &down("AInKey")), nested("B1", "BKey", &down("BInKey"))].join(",");
    let middle = |user: &str| template(&[own(user), nested("In1", "innerKey", "")].join(","), declared);
    let shown = keys(&[
        ("manifest.json", &manifest(&[stack("App", "1/r", &more)], "")),
        ("App.template.json", &template(&app, &passed)),
        ("A.json", &middle("a")),
        ("B.json", &middle("b")),
        ("AIn.json", &template(&own("a in"), "")),
        ("BIn.json", &template(&own("b in"), "")),
    ]);
    assert_eq!(
        shown,
        "\"1\" App/Key \"app\" true App/Key -\n\
         \"1\" App/A1/Key \"a\" true App/A/Key -\n\"1\" App/A1/In1/Key \"a in\" true App/A/In/Key -\n\
         \"1\" App/B1/Key \"b\" true App/B/Key -\n\"1\" App/B1/In1/Key \"b in\" true App/B/In/Key -"
    );
}

#[test]
fn dummies_of_missing_context_are_no_names() {
    let missing =
        r#", "missing": [{"key": "ssm:x", "provider": "ssm", "props": {"parameterName": "/iam/ci"}}]"#;
    let user = r#""U": {"Type": "AWS::IAM::User", "Properties": {"UserName": "ci"}}"#;
    let keys_in = |missing: &str| {
        let all = [
            user.to_string(),
            key("A", "\"dummy-value-for-/iam/ci\""),
            key("B", "\"ci\""),
            key("C", r#"{"Ref": "U"}"#),
        ];
        keys(&[
            ("manifest.json", &manifest(&[stack("App", "1/r", "")], missing)),
            ("App.template.json", &template(&all.join(","), "")),
        ])
    };
    let shown = keys_in(missing);
    assert!(
        shown.starts_with(
            "\"1\" App/A dummy-value-for-/iam/ci true - -\n\
             \"1\" App/B `ci`, which may be cut from dummy-value-for-/iam/ci true - -\n\"1\" App/C \"ci\" true - -\nmissing-context: "
        ),
        "{shown}"
    );
    assert!(keys_in("").contains("App/B \"ci\" true"), "{}", keys_in(""));
    // A word of a few letters is no dummy, and a user that is no literal is not cut from one.
    let others = r#", "missing": [{"key": "a", "props": {"dummyValue": "ci"}},
        {"key": "b", "props": {"dummyValue": "dummy-1234"}}]"#;
    let shown = keys_in(others);
    assert!(shown.contains("App/B \"ci\" true") && shown.contains("App/C \"ci\" true"), "{shown}");
}

#[test]
fn what_the_manifest_names_must_be_there() {
    let shown = keys(&[("manifest.json", &manifest(&[stack("App", "1/r", "")], ""))]);
    assert_eq!(
        shown,
        "missing-file: the manifest names the template out/App.template.json, which cannot be read: no such file"
    );
    // What is no environment cannot be deployed, so that nothing of a deployment is missing.
    for environment in ["/r", "1/", "1/r/s"] {
        let shown = keys(&[("manifest.json", &manifest(&[stack("App", environment, "")], ""))]);
        assert!(shown.starts_with("remote-template: the manifest names"), "{environment}: {shown}");
    }
    let shown = keys(&[("manifest.json", "{\"artifacts\": ")]);
    assert!(shown.starts_with("syntax: "), "{shown}");
    assert_eq!(keys(&[("manifest.json", "{\"artifacts\": {}, \"missing\": 3}")]), "");
    for (text, said) in [
        ("", "syntax: this manifest is empty"),
        ("{}", "missing-file: this manifest is empty"),
        ("{\"artifacts\": []}", "missing-file: the artifacts of this manifest are no mapping"),
        ("{\"artifacts\": [{}]}", "missing-file: the artifacts of this manifest are no mapping"),
        ("{\"artifacts\": \"\"}", "missing-file: the artifacts of this manifest are no mapping"),
        (
            "{\"artifacts\": {\"App\": {\"type\": \"aws:cloudformation:stack\"}}}",
            "missing-file: this stack has no `templateFile`",
        ),
        (
            "{\"artifacts\": {\"App\": {\"type\": \"cdk:cloud-assembly\", \"properties\": {}}}}",
            "missing-file: this Stage has no `directoryName`",
        ),
    ] {
        let shown = keys(&[("manifest.json", text)]);
        assert!(shown.starts_with(said), "{text}: {shown}");
    }
}

#[test]
fn a_stage_that_is_not_there_is_said() {
    let stage =
        r#""assembly-P": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-P"}}"#;
    let shown = keys(&[("manifest.json", &manifest(&[stage.into()], ""))]);
    let said = "missing-file: this Stage's folder has no manifest: which of its templates are deployed, and where, is not known";
    assert_eq!(shown, said);
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join("out/assembly-P")).unwrap();
    std::fs::write(dir.path().join("out/manifest.json"), manifest(&[stage.into()], "")).unwrap();
    let own = template(&key("K", "\"a\""), "");
    std::fs::write(dir.path().join("out/assembly-P/A.template.json"), own).unwrap();
    let files = Files::new(dir.path().to_path_buf());
    let r = resolve(Path::new("out"), &files, &Inputs::default(), Mode::Supplied);
    assert_eq!(self::shown(&r), format!("\"the account of stack A\" A/K \"a\" true - -\n{said}"));
}

#[test]
fn a_manifests_parameters_are_supplied() {
    let files = Files::new("/nowhere".into());
    let artifact = r#""App": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "App.template.json",
        "parameters": {"Who": "ci"}}}"#;
    for (path, text) in [
        ("out/manifest.json", manifest(&[artifact.into()], "")),
        (
            "out/App.template.json",
            template(&key("K", r#"{"Ref": "Who"}"#), r#", "Parameters": {"Who": {"Type": "String"}}"#),
        ),
    ] {
        files.insert(Path::new(path), text.into_bytes()).unwrap();
    }
    let mut inputs = Inputs::default();
    let user = |inputs: &Inputs| {
        let r = resolve(Path::new("out"), &files, inputs, Mode::Supplied);
        r.cx.show(&r.keys[0].user)
    };
    assert_eq!(user(&inputs), "\"ci\"");
    inputs.parameters.insert("Who".into(), "flag".into());
    assert_eq!(user(&inputs), "\"flag\"");
    assert_eq!(parameters(Path::new("out"), &files), ["Who"]);
}

#[test]
fn a_folder_without_a_manifest_is_the_templates_in_it() {
    let dir = tempfile::tempdir().unwrap();
    let files = Files::new(dir.path().to_path_buf());
    let write = |path: &str, text: &str| {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("out/A.template.json", &template(&key("K", r#"{"Ref": "AWS::StackName"}"#), ""));
    write("out/An.nested.template.json", &template(&key("N", "\"nested\""), ""));
    write("out/asset.1/A.template.json", &template(&key("K", "\"c\""), ""));
    let r = resolve(Path::new("out"), &files, &Inputs::default(), Mode::Supplied);
    assert_eq!(shown(&r), "\"the account of stack A\" A/K \"A\" true - -");
}

#[test]
fn an_origin_is_found_again_by_its_longest_ending() {
    let dir = tempfile::tempdir().unwrap();
    let files = Files::new(dir.path().to_path_buf());
    let inline = r#", "metadata": {"/App/Key": [{"type": "aws:cdk:logicalId", "data": "Key1", "trace":
        ["new App (/build/work/lib/app.ts:LINE:5)"]}]}"#;
    let origin = |line: &str| {
        let artifact = stack("App", "1/r", &inline.replace("LINE", line));
        let write = |path: &str, text: &str| files.insert(Path::new(path), text.as_bytes().to_vec()).unwrap();
        let folder = format!("svc/out{line}");
        write(&format!("{folder}/manifest.json"), &manifest(&[artifact], ""));
        write(&format!("{folder}/App.template.json"), &template(&key("Key1", "\"a\""), ""));
        write("svc/lib/app.ts", "one\ntwo\nthree\n");
        write("lib/app.ts", "elsewhere\n");
        let r = resolve(Path::new(&folder), &files, &Inputs::default(), Mode::Supplied);
        r.keys[0].origin.clone().map(|o| (o.path, o.line, o.exists)).unwrap()
    };
    assert_eq!(origin("2"), ("svc/lib/app.ts".into(), 2, true));
    assert_eq!(origin("9"), ("/build/work/lib/app.ts".into(), 9, false));
}
