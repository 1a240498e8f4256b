//! A template as YAML with short tags, or as JSON with long names.

use serde_json::{Map, Value, json};

use super::model::{Cond, Expr, Key, List, Nested, Param, Piece, Template};

fn sub_text(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Name(name) => format!("${{{name}}}"),
            Piece::Element => "${Each}".into(),
        })
        .collect()
}

fn expr(e: &Expr) -> Value {
    let list = |all: &[Expr]| Value::Array(all.iter().map(expr).collect());
    match e {
        Expr::Text(text) => json!(text),
        Expr::NoValue => json!({"Ref": "AWS::NoValue"}),
        Expr::Ref(name) => json!({ "Ref": name }),
        Expr::Sub(pieces) => json!({"Fn::Sub": sub_text(pieces)}),
        Expr::SubMap(before, inner) => json!({"Fn::Sub": [format!("{before}${{X}}"), {"X": expr(inner)}]}),
        Expr::Join(by, all) => json!({"Fn::Join": [by, list(all)]}),
        Expr::Select(i, all) => json!({"Fn::Select": [i.to_string(), list(all)]}),
        Expr::Item(i, param) => json!({"Fn::Select": [i, {"Ref": param}]}),
        Expr::SelectSplit(i, by, inner) => json!({"Fn::Select": [i, {"Fn::Split": [by, expr(inner)]}]}),
        Expr::SubOver(before, name, inner) => {
            json!({"Fn::Sub": [format!("{before}${{{name}}}"), {name.as_str(): expr(inner)}]})
        }
        Expr::JoinOf(by, list) => json!({"Fn::Join": [by, list_of(list)]}),
        Expr::SelectOf(index, list) => json!({"Fn::Select": [expr(index), list_of(list)]}),
        Expr::Length(list) => json!({"Fn::Length": list_of(list)}),
        Expr::Output(stack, name) => json!({"Fn::GetAtt": [stack, format!("Outputs.{name}")]}),
        Expr::Find(map, top, second, default) => {
            let mut all = vec![expr(map), expr(top), expr(second)];
            all.extend(default.as_ref().map(|d| json!({"DefaultValue": expr(d)})));
            json!({ "Fn::FindInMap": all })
        }
        Expr::If(condition, a, b) => json!({"Fn::If": [condition, expr(a), expr(b)]}),
        Expr::NameOfArn(id) => {
            json!({"Fn::Select": [1, {"Fn::Split": ["/", {"Fn::GetAtt": [id, "Arn"]}]}]})
        }
        Expr::Element => json!({"Ref": "Each"}),
    }
}

fn list_of(list: &List) -> Value {
    match list {
        List::Items(all) => Value::Array(all.iter().map(expr).collect()),
        List::Param(name) => json!({ "Ref": name }),
        List::Split(by, inner) => json!({"Fn::Split": [by, expr(inner)]}),
        List::If(condition, a, b) => json!({"Fn::If": [condition, list_of(a), list_of(b)]}),
    }
}

/// The name of a nested stack's file.
pub fn file_of(nested: &Nested) -> String {
    format!("nested-{}.yaml", nested.id)
}

fn cond(c: &Cond) -> Value {
    let list = |all: &[Cond]| Value::Array(all.iter().map(cond).collect());
    match c {
        Cond::Equals(a, b) => json!({"Fn::Equals": [expr(a), expr(b)]}),
        Cond::Not(inner) => json!({"Fn::Not": [cond(inner)]}),
        Cond::And(all) => json!({"Fn::And": list(all)}),
        Cond::Or(all) => json!({"Fn::Or": list(all)}),
        Cond::Named(name) => json!({ "Condition": name }),
        Cond::Contains(words, value) => json!({"Fn::Contains": [words, expr(value)]}),
        Cond::EachIn(values, words) => {
            let values: Vec<Value> = values.iter().map(expr).collect();
            json!({"Fn::EachMemberIn": [values, words]})
        }
        Cond::EachEquals(values, value) => {
            let values: Vec<Value> = values.iter().map(expr).collect();
            json!({"Fn::EachMemberEquals": [values, expr(value)]})
        }
        Cond::Asks => {
            let asked = json!({"Fn::ValueOfAll": ["AWS::EC2::VPC::Id", "Tags.Team"]});
            json!({"Fn::EachMemberIn": [asked, ["a", "b"]]})
        }
    }
}

fn param(p: &Param) -> Value {
    let mut out = json!({"Type": p.kind});
    if !p.allowed.is_empty() {
        out["AllowedValues"] = json!(p.allowed);
    }
    if let Some(default) = &p.default {
        out["Default"] = json!(default);
    }
    out
}

fn resource(kind: &str, condition: Option<String>, properties: Vec<(&str, Value)>) -> Value {
    let properties: Map<String, Value> = properties.into_iter().map(|(k, v)| (k.into(), v)).collect();
    let mut out = json!({"Type": kind, "Properties": properties});
    if let Some(condition) = condition {
        out["Condition"] = json!(condition);
    }
    out
}

fn key(k: &Key, condition: Option<String>) -> Value {
    let mut properties = vec![("UserName", expr(&k.user))];
    properties.extend(k.status.as_ref().map(|s| ("Status", expr(s))));
    resource("AWS::IAM::AccessKey", condition, properties)
}

/// The whole template, in long form.
pub fn tree(t: &Template) -> Value {
    let mut resources = Map::new();
    resources.insert("Topic".into(), json!({"Type": "AWS::SNS::Topic"}));
    for u in &t.users {
        let name = u.name.as_ref().map(|n| ("UserName", expr(n)));
        let user = resource("AWS::IAM::User", u.condition.clone(), name.into_iter().collect());
        resources.insert(u.id.clone(), user);
    }
    for k in &t.keys {
        resources.insert(k.id.clone(), key(k, k.condition.clone()));
    }
    for (i, each) in t.loops.iter().enumerate() {
        let condition = each.key.condition.as_ref().map(|c| format!("{c}${{Each}}"));
        let body = key(&each.key, condition);
        let items = each.over.as_ref().map_or(json!(each.items), |name| json!({ "Ref": name }));
        resources.insert(
            format!("Fn::ForEach::Loop{i}"),
            json!(["Each", items, {format!("{}${{Each}}", each.key.id): body}]),
        );
    }
    for n in &t.nested {
        let passed: Map<String, Value> = n.passed.iter().map(|(name, e)| (name.clone(), expr(e))).collect();
        let properties = vec![("TemplateURL", json!(file_of(n))), ("Parameters", Value::Object(passed))];
        resources
            .insert(n.id.clone(), resource("AWS::CloudFormation::Stack", n.condition.clone(), properties));
    }
    let outputs = t.outputs.iter().map(|(name, e)| (name.clone(), json!({"Value": expr(e)}))).collect();
    let mut mappings = Map::new();
    for (name, rows) in &t.mappings {
        let rows = rows.iter().map(|(top, [user, status, tag])| {
            (top.clone(), json!({"User": user, "Status": status, "Tag": tag}))
        });
        mappings.insert(name.clone(), Value::Object(rows.collect()));
    }
    let mut rules = Map::new();
    for (i, rule) in t.rules.iter().enumerate() {
        let mut out = json!({"Assertions": [{"Assert": cond(&rule.assert)}]});
        if let Some(when) = &rule.when {
            out["RuleCondition"] = cond(when);
        }
        rules.insert(format!("Rule{i}"), out);
    }
    let mut out = json!({"Transform": "AWS::LanguageExtensions"});
    let sections = [
        ("Parameters", t.params.iter().map(|p| (p.name.clone(), param(p))).collect()),
        ("Rules", rules),
        ("Mappings", mappings),
        ("Conditions", t.conditions.iter().map(|(n, c)| (n.clone(), cond(c))).collect()),
        ("Resources", resources),
        ("Outputs", outputs),
    ];
    for (name, section) in sections {
        if !section.is_empty() {
            out[name] = Value::Object(section);
        }
    }
    out
}

/// The tree as YAML: sections and their entries as blocks, the rest in flow style, functions as short tags.
pub fn yaml(tree: &Value) -> String {
    let mut out = String::new();
    for (name, section) in tree.as_object().into_iter().flatten() {
        match section {
            Value::Object(entries) => {
                out += &format!("{name}:\n");
                for (name, entry) in entries {
                    out += &format!("  {name}: {}\n", flow(entry));
                }
            }
            other => out += &format!("{name}: {}\n", flow(other)),
        }
    }
    out
}

fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => format!("'{}'", text.replace('\'', "''")),
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) => {
            if let Some((name, arg)) = entries.iter().next()
                && entries.len() == 1
                && (name.starts_with("Fn::") && !name.contains("ForEach")
                    || name == "Ref"
                    || name == "Condition")
            {
                let arg = flow(arg);
                // Two short tags in a row are no YAML.
                return match arg.starts_with('!') {
                    true => format!("{{'{name}': {arg}}}"),
                    false => format!("!{} {arg}", name.trim_start_matches("Fn::")),
                };
            }
            let entries: Vec<String> = entries.iter().map(|(k, v)| format!("'{k}': {}", flow(v))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        other => other.to_string(),
    }
}
