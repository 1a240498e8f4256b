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
            r.cx.show_guard(key.exists),
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
