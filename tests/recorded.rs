//! What others make of templates, recorded once: the keys that moto deploys, and the users and statuses that AWS's own
//! template model resolves. The recording scripts lie beside the records; nothing of them is needed here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeMap;
use std::path::Path;

use lonekey::key::{Mode, Resolved};
use lonekey::resolve::{Inputs, cloudformation};
use lonekey::source::Files;
use lonekey::value::Value;
use serde_json::Value as Json;

fn records(name: &str) -> Vec<Json> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/recorded").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn resolved(name: &str, text: &str, parameters: &BTreeMap<String, String>) -> Resolved {
    let files = Files::new("/nowhere".into());
    files.insert(Path::new(name), text.as_bytes().to_vec()).unwrap();
    let inputs = Inputs { parameters: parameters.clone(), ..Inputs::default() };
    cloudformation::resolve(Path::new(name), &files, &inputs, Mode::Supplied).pop().unwrap()
}

fn strings(map: &Json) -> BTreeMap<String, String> {
    let pairs = map.as_object().into_iter().flatten();
    pairs.map(|(k, v)| (k.clone(), v.as_str().unwrap().to_string())).collect()
}

#[test]
fn keys_are_those_that_moto_deploys() {
    let records = records("moto_templates.jsonl");
    assert!(records.len() >= 100, "{}", records.len());
    for record in records {
        let parameters = strings(&record["parameters"]);
        let template = serde_json::to_string_pretty(&record["template"]).unwrap();
        let r = resolved("t.json", &template, &parameters);
        let mut keys: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for key in r.keys.iter().filter(|k| !k.times.exists.is_false()) {
            let user = match &key.user {
                Value::String(name) => name.to_string(),
                other => format!("<{}>", r.cx.show(other)),
            };
            let status = if key.status.as_str() == Some("Inactive") { "Inactive" } else { "Active" };
            keys.entry(user).or_default().push(status);
        }
        keys.values_mut().for_each(|all| all.sort_unstable());
        assert_eq!(serde_json::json!(keys), record["keys"], "{parameters:?}\n{template}");
    }
}

#[test]
fn values_are_those_of_the_template_model() {
    let records = records("template_model.jsonl");
    assert!(records.len() >= 30, "{}", records.len());
    for record in records {
        let (name, text) = (record["name"].as_str().unwrap(), record["template"].as_str().unwrap());
        let r = resolved(name, text, &BTreeMap::new());
        let values = record["values"].as_object().unwrap();
        let addresses: Vec<&String> = r.keys.iter().map(|k| &k.address).collect();
        assert_eq!(addresses.len(), values.len(), "{addresses:?}\n{text}");
        for key in &r.keys {
            let wanted = &values[&key.address];
            for (what, value) in [("UserName", &key.user), ("Status", &key.status)] {
                // What the model leaves open is not compared; what it knows has to be known here.
                if let Some(wanted) = wanted[what].as_str() {
                    let shown = r.cx.show(value);
                    assert_eq!(value.as_str(), Some(wanted), "{} {what} is {shown}\n{text}", key.address);
                }
            }
        }
    }
}
