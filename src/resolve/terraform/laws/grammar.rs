//! Random expressions of Terraform: every function of the table, and templates of the forms that people write.
//!
//! `"x-${S}"` is a text with a hole for a text, filled by another template or by a leaf. `F` is a call of any function of the
//! table: the generator walks it, so that a new function has its part in the law without being named here, with arguments of
//! any kind; [`CALLS`] has arguments that fit.

use crate::resolve::terraform::functions::args::{Also, Row};
use crate::resolve::terraform::functions::table;

/// Text with holes (`S`, `B`, `N`, `L`, `M`, `V` for texts, bools, numbers, lists and maps of text, values of any
/// type; `F` for any function), by type.
const TEXTS: &[&str] = &[
    "\"x-${S}\"",
    "\"${S}${S}\"",
    "\"${N}\"",
    "\"${B}-${S}\"",
    "upper(S)",
    "lower(S)",
    "(B ? S : S)",
    "L[N]",
    "M[S]",
    "lookup(M, S, S)",
    "try(M[S], S)",
    "tostring(try(var.o.b[0], var.o[0], var.o.a, S))",
    "var.p.a",
    "coalesce(var.p.a, var.p.b)",
    "try(L[N], S)",
    "coalesce(S, S)",
    "join(\"-\", L)",
    "format(\"%s/%v\", S, N)",
    "replace(S, \"a\", S)",
    "trimprefix(S, \"a\")",
    "element(L, N)",
    "\"%{ if B }${S}%{ else }y%{ endif }\"",
    "[for x in L : x][0]",
    "sort(keys(M))[0]",
    "substr(S, 0, 1)",
    "tostring(N)",
    "one([S])",
    "M.a",
    "sort(L)[0]",
    "\"%{ for x in L }${x},%{ endfor }\"",
    "sort(values(M))[0]",
    "values(M)[N]",
    "keys(M)[0]",
    "tolist(toset(L))[N]",
    "join(\"-\", toset(L))",
    "join(\"-\", keys(M))",
    "[for k, v in M : \"${k}${v}\"][N]",
    "\"%{ for x in toset(L) }${x},%{ endfor }\"",
    "\"%{ for i, x in values(M) }${i}${x},%{ endfor }\"",
    "jsonencode(M)",
    "jsonencode([S, B])",
    "title(S)",
    "split(\"b\", S)[0]",
    "jsonencode(V)",
];
const BOOLS: &[&str] = &[
    "S == S",
    "S != S",
    "N == N",
    "N < N",
    "N >= N",
    "!B",
    "B && B",
    "B || B",
    "(B ? B : B)",
    "contains(L, S)",
    "can(M[S])",
    "var.p.a == null",
    "var.p.b == S",
    "can([B, var.o.a])",
    "can(tonumber(S))",
    "startswith(S, \"a\")",
    "endswith(S, S)",
    "alltrue([B, B])",
    "anytrue([B, B])",
    "tobool(B)",
    "N % 2 == 0",
    "length(upper(S)) > N",
    "length(L) > N",
    "null == S",
    "strcontains(S, \"b\")",
    "B == B",
    "can(L[N])",
    "lookup(M, S, null) == null",
    "L == L",
    "M == M",
    "V == V",
    "V == S",
    "F == V",
    "can(F)",
    "can(V.a)",
];
const NUMBERS: &[&str] = &[
    "N + N",
    "N - N",
    "N * 2",
    "N % 2",
    "length(L)",
    "length(M)",
    "max(N, N)",
    "min(N, 1)",
    "abs(N)",
    "(B ? N : N)",
    "tonumber(N)",
    "try(tonumber(S), N)",
    "length(lower(S))",
    "ceil(N)",
    "floor(N)",
    "index(L, S)",
    "-N",
];
const LISTS: &[&str] = &[
    "[S, S]",
    "concat(L, L)",
    "[for x in L : upper(x)]",
    "[for x in L : x if x != S]",
    "[for i, x in L : x if i < N]",
    "distinct(L)",
    "reverse(L)",
    "compact(L)",
    "(B ? L : L)",
    "(B ? [S] : [])",
    "sort(keys(M))",
    "sort(values(M))",
    "sort(tolist(toset(L)))",
    "flatten([L, [S]])",
    "sort(L)",
    "sort([for k, v in M : \"${k}=${v}\"])",
    "tolist(L)",
    "coalescelist(L, [S])",
    "keys(M)",
    "values(M)",
    "tolist(toset(L))",
    "concat(values(M), L)",
    "flatten([for k, v in M : [k, v]])",
    "flatten([values(M), L])",
    "reverse(values(M))",
    "[for i, x in values(M) : \"${i}${x}\" if i < N]",
    "slice(values(M), 0, 1)",
    "sort(setsubtract(L, L))",
    "tolist(setsubtract(toset(L), [S]))",
    "sort(setintersection(L, [S, S], L))",
    "distinct(values(M))",
    "formatlist(\"%s-%s\", values(M), S)",
    "values({ for k, v in M : v => k... })[0]",
    "jsondecode(jsonencode(L))",
];
const MAPS: &[&str] = &[
    "{ a = S, b = S }",
    "{ (S) = S }",
    "merge(M, M)",
    "merge(M, B ? { c = S } : {})",
    "{ for x in toset(L) : x => S }",
    "{ for k, v in M : k => v if v != S }",
    "(B ? M : M)",
    "zipmap([\"a\", \"b\"], [S, S])",
    "zipmap(keys(M), values(M))",
    "merge([for x in toset(L) : { (x) = S }]...)",
    "merge([for k, v in M : { (v) = k }]...)",
    "{ for i, x in values(M) : x => i }",
    "jsondecode(jsonencode(M))",
];
const ANYTHING: &[&str] = &[
    "S",
    "N",
    "L",
    "M",
    "[N, S]",
    "{ a = N, b = S }",
    "(B ? V : V)",
    "(B ? [N, N] : [S])",
    "(B ? [N, S] : L)",
    "(B ? { a = N } : M)",
    "(B ? { a = N, (S) = N } : M)",
    "(B ? { (S) = N } : {})",
    "(B ? { a = V } : { a = V })",
    "(B ? [V] : [V, V])",
    "[V, V]",
    "{ a = V }",
    "tolist([N, S])",
    "tolist([V, V])",
    "toset([N, S])",
    "tomap({ a = N, (S) = S })",
    "concat([N], L)",
    "concat(tolist([N]), tolist(L))",
    "merge(M, { n = N })",
    "merge(tomap({ a = N }), { n = N })",
    "{ for k, v in M : k => N }",
    "[for x in L : N]",
    "values(merge(M, { n = N }))",
    "coalesce(N, S)",
    "lookup({ a = N }, S, S)",
    "flatten([N, L])",
    "distinct([N, S])",
    "zipmap([\"a\", \"b\"], tolist([N, S]))",
    "coalescelist([N], L)",
    "tolist([N, N])[*]",
    "try(V.a, V)",
    "try(tostring(var.o.b), N)",
    "jsondecode(jsonencode(V))",
    "slice(tolist([N, S]), 0, 1)",
    "reverse([N, S])",
    "setunion([N], L)",
    "toset([for x in L : x if x != S])",
    "[for x in [N, S] : x if B]",
    "{ for k, v in { a = N, b = S } : k => v if B }",
    "F",
    "F",
    "[F, V]",
    "(B ? F : F)",
];
/// Expressions of free collections (`C` for a list of texts, `D` for a map of them), in the forms that multiply keys.
const COLLECTED: &[&str] = &[
    "(toset(C)[*])",
    "try(var.m.a, S)",
    "try(var.m[S], S)",
    "try(\"x-${var.m.b}\", S)",
    "lookup(var.m, S, S)",
    "can(var.m.b)",
    "[for x in C : \"${x}-${S}\"]",
    "[for x in C : x if x != S]",
    "{ for x in C : x => S }",
    "{ for k, v in D : k => v if v != S }",
    "toset(C)",
    "toset([for x in C : upper(x)])",
    "setunion(C, [S])",
    "sort(C)",
    "distinct(C)",
    "slice(C, 0, 1)",
    "merge(D, { (S) = S })",
    "keys(D)",
    "values(D)",
    "flatten([for x in C : [x, S]])",
    "setproduct(C, [S, \"b\"])",
    "length(C)",
    "length(D)",
    "contains(C, S)",
    "contains(keys(D), S)",
    "can(D[S])",
    "lookup(D, S, S)",
    "try(D[S], S)",
    "C[N]",
    "C == []",
    "one(C)",
    "join(\"-\", C)",
    "length([for x in C : x if x == S]) > N",
    "alltrue([for x in C : x != S])",
    "anytrue([for x in C : x == S])",
    "{ for k, v in D : v => k... }",
    "[for o in var.os : o.name if o.on]",
    "{ for o in var.os : o.name => (o.on ? \"Active\" : S) }",
    "index(C, S)",
    "compact(C)",
    "concat(C, [S])",
    "reverse(C)",
];

/// Calls with arguments that fit, each with the type of its result.
const CALLS: &[(char, &str)] = &[
    ('N', "abs(N)"),
    ('B', "alltrue([for x in L : x != S])"),
    ('B', "anytrue([B, null, B])"),
    ('S', "base64decode(base64encode(S))"),
    ('S', "base64decode(S)"),
    ('S', "base64encode(S)"),
    ('S', "base64sha256(S)"),
    ('S', "base64sha512(S)"),
    ('S', "basename(\"${S}/${S}\")"),
    ('B', "can(V)"),
    ('B', "can(F)"),
    ('N', "ceil(N / 2)"),
    ('S', "chomp(\"${S}\\n\")"),
    ('V', "chunklist(L, N)"),
    ('B', "cidrcontains(\"10.0.0.0/8\", \"10.${N}.0.0/16\")"),
    ('S', "cidrhost(\"10.0.0.0/24\", N)"),
    ('S', "cidrnetmask(\"10.0.0.0/${N}\")"),
    ('S', "cidrsubnet(\"10.0.0.0/8\", N, 1)"),
    ('L', "cidrsubnets(\"10.0.0.0/8\", 4, N)"),
    ('V', "coalesce(V, V)"),
    ('S', "coalesce(null, \"\", S)"),
    ('V', "coalescelist([], L, [V])"),
    ('L', "compact(L)"),
    ('V', "concat(L, [V])"),
    ('B', "contains(L, S)"),
    ('B', "contains([V, V], V)"),
    ('V', "csvdecode(\"x,y\\n${S},${S}\")"),
    ('S', "dirname(\"${S}/${S}\")"),
    ('V', "distinct([V, V, V])"),
    ('V', "element([V, V], N)"),
    ('B', "endswith(S, S)"),
    ('V', "ephemeralasnull(V)"),
    ('S', "file(\"${S}.txt\")"),
    ('S', "file(\"${path.module}/d/${S}.txt\")"),
    ('S', "filebase64(\"${S}.txt\")"),
    ('S', "filebase64sha256(\"${S}.txt\")"),
    ('S', "filebase64sha512(\"${S}.txt\")"),
    ('B', "fileexists(\"${S}.txt\")"),
    ('S', "filemd5(\"${S}.txt\")"),
    ('V', "fileset(S, \"*.txt\")"),
    ('S', "filesha1(\"${S}.txt\")"),
    ('S', "filesha256(\"${S}.txt\")"),
    ('S', "filesha512(\"${S}.txt\")"),
    ('V', "flatten([L, [[V], V]])"),
    ('N', "floor(N / 2)"),
    ('S', "format(\"%03d|%q|%t|%v\", N, S, B, V)"),
    ('S', "format(S, S)"),
    ('S', "formatdate(\"hh:mm\", \"2020-01-01T0${N}:00:00Z\")"),
    ('L', "formatlist(\"%s-%s\", L, S)"),
    ('L', "formatlist(\"%s-%s\", L, L)"),
    ('S', "indent(length(L), \"${S}\\n${S}\")"),
    ('N', "index(L, S)"),
    ('S', "join(S, L, [S])"),
    ('V', "jsondecode(S)"),
    ('V', "jsondecode(jsonencode(V))"),
    ('S', "jsonencode({ a = V, b = [V] })"),
    ('L', "keys({ a = V, (S) = V })"),
    ('N', "length(V)"),
    ('N', "length(S)"),
    ('N', "log(N, 2)"),
    ('V', "lookup({ a = V }, S, V)"),
    ('S', "lower(S)"),
    ('V', "matchkeys(L, L, [S])"),
    ('V', "matchkeys([V, V], [S, S], L)"),
    ('N', "max(N, N, N)"),
    ('N', "max([N, N]...)"),
    ('S', "md5(S)"),
    ('V', "merge(M, { a = V })"),
    ('V', "merge([M, { (S) = V }]...)"),
    ('N', "min(N, N)"),
    ('V', "nonsensitive(sensitive(V))"),
    ('V', "one(L)"),
    ('V', "one([for x in L : x if x == S])"),
    ('N', "parseint(S, 16)"),
    ('N', "parseint(\"${N}\", 2)"),
    ('S', "pathexpand(S)"),
    ('N', "pow(N, 2)"),
    ('V', "range(N)"),
    ('V', "range(N, N)"),
    ('V', "range(0, N, 2)"),
    ('V', "regex(\"(a)(b)?\", S)"),
    ('V', "regex(\"(?P<x>a+)\", S)"),
    ('S', "regex(\"[ab]\", S)"),
    ('V', "regex(S, S)"),
    ('V', "regexall(\"[ab]\", S)"),
    ('S', "replace(S, \"/a+/\", S)"),
    ('S', "replace(S, S, \"-\")"),
    ('L', "reverse(L)"),
    ('V', "sensitive(V)"),
    ('V', "setintersection(L, [S], L)"),
    ('V', "setproduct(L, [S, V])"),
    ('V', "setsubtract(L, [V, S])"),
    ('V', "setunion(L, [S])"),
    ('S', "sha1(S)"),
    ('S', "sha256(S)"),
    ('S', "sha512(S)"),
    ('N', "signum(N)"),
    ('L', "slice(L, N, N)"),
    ('L', "slice(L, 0, length(L) - 1)"),
    ('L', "sort([S, S, S])"),
    ('L', "split(S, \"a-${S}\")"),
    ('B', "startswith(S, S)"),
    ('B', "strcontains(\"${S}b\", \"${S}b\")"),
    ('S', "strrev(S)"),
    ('S', "substr(S, N, 1)"),
    ('S', "substr(S, 0, -1)"),
    ('N', "sum([N, N])"),
    ('N', "sum([for x in L : length(x)])"),
    ('S', "templatefile(\"${S}.tftpl\", { x = S, y = S })"),
    ('S', "templatefile(\"a.tftpl\", { x = N, y = S })"),
    ('S', "templatestring(local.text, { x = S })"),
    ('S', "textdecodebase64(textencodebase64(S, \"iso-8859-1\"), \"iso-8859-1\")"),
    ('S', "textencodebase64(S, \"iso-8859-1\")"),
    ('S', "timeadd(\"2020-01-01T00:00:00Z\", \"${N}h\")"),
    ('N', "timecmp(\"2020-01-01T0${N}:00:00Z\", \"2020-01-01T01:00:00Z\")"),
    ('S', "title(S)"),
    ('B', "tobool(S)"),
    ('B', "tobool(V)"),
    ('L', "tolist(toset(L))"),
    ('V', "tolist([V, V])"),
    ('M', "tomap({ a = S, (S) = S })"),
    ('V', "tomap({ a = V, b = V })"),
    ('N', "tonumber(V)"),
    ('V', "toset([V, V])"),
    ('S', "tostring(V)"),
    ('V', "transpose({ a = L, b = L })"),
    ('S', "trim(\"${S}b\", \"${S}b\")"),
    ('S', "trimprefix(\"${S}b\", \"${S}b\")"),
    ('S', "trimspace(\" ${S} \")"),
    ('S', "trimsuffix(\"${S}b\", \"${S}b\")"),
    ('V', "try(V, V)"),
    ('V', "try(F, F, V)"),
    ('S', "upper(S)"),
    ('S', "urldecode(urlencode(S))"),
    ('S', "urldecode(S)"),
    ('S', "urlencode(S)"),
    ('S', "uuidv5(\"dns\", S)"),
    ('V', "values({ a = V, (S) = V })"),
    ('V', "yamldecode(S)"),
    ('V', "yamldecode(yamlencode(V))"),
    ('S', "yamlencode([V, S])"),
    ('V', "zipmap(L, [V, V, V])"),
];

/// What nobody computes before the deployment, without the machine that it runs on, or of values alone.
const NEVER_COMPUTED: [&str; 5] = ["abspath", "base64gunzip", "base64gzip", "issensitive", "rsadecrypt"];

/// What has no part in the law: what is never computed, or another value at each call, and what only texts of the catalogue
/// have.
pub fn is_left_out(row: &Row) -> bool {
    matches!(row.also, Also::Labels | Also::Differs | Also::Deploys)
        || NEVER_COMPUTED.contains(&row.func.name)
}

/// Whether a call of it has arguments that fit.
pub fn is_called(row: &Row) -> bool {
    let call = format!("{}(", row.func);
    row.most == 0 || CALLS.iter().map(|(_, text)| *text).any(|text| text.starts_with(&call))
}

/// A call of any function: with arguments that fit, or with whatever there is.
fn any_call(choices: &mut dyn Iterator<Item = usize>) -> String {
    let mut next = || choices.next().unwrap_or(0);
    let rows: Vec<&Row> = table().filter(|row| !is_left_out(row)).collect();
    let row = rows[next() % rows.len()];
    let call = format!("{}(", row.func);
    let fitting: Vec<&str> =
        CALLS.iter().map(|(_, text)| *text).filter(|text| text.starts_with(&call)).collect();
    // An argument of a wrong type is refused once it is known, where all of the right type are taken; a file is looked for by
    // the text of a path.
    let fits = !row.func.refuses || matches!(row.also, Also::Reads(_) | Also::Renders { .. });
    let pick = next();
    match fitting.get(pick % (fitting.len() + usize::from(!fits))) {
        Some(text) if fits || pick % 5 != 0 => text.to_string(),
        _ => {
            let count = row.least + pick % (row.most.min(row.least + 2) - row.least + 1);
            call + &vec!["V"; count].join(", ") + ")"
        }
    }
}

const LEAVES: &[(char, &[&str])] = &[
    (
        'V',
        &[
            "var.n",
            "var.s",
            "var.b",
            "null",
            "1",
            "\"1\"",
            "local.list",
            "local.map",
            "[var.n]",
            "{ a = var.n }",
            "{}",
            "[]",
        ],
    ),
    ('S', &["var.s", "var.s", "var.t", "var.l", "var.l", "\"a\"", "\"b\"", "\"\"", "local.list[0]", "null"]),
    ('B', &["var.b", "var.b", "var.c", "local.on", "true", "false", "var.t"]),
    ('N', &["var.n", "var.n", "0", "1", "2", "var.s"]),
    ('L', &["local.list", "[var.s, var.t]", "[]", "[\"a\"]"]),
    ('M', &["local.map", "{ a = var.s }", "{}", "{ a = \"a\", b = var.t }"]),
    // Free collections.
    ('C', &["var.xs", "tolist(var.us)", "var.os[*].name", "keys(var.m)"]),
    ('D', &["var.m", "{ for o in var.os : o.name => o.name }"]),
];

/// An expression: each hole filled from the choices, templates until they are spent and leaves after that.
pub fn written(hole: char, choices: &mut impl Iterator<Item = usize>, depth: usize, calls: bool) -> String {
    let deeper = depth > 0 && !matches!(hole, 'C' | 'D') && choices.next().is_some_and(|c| c % 4 != 0);
    let mut pick = |from: &[&'static str]| {
        let fitting = CALLS.iter().filter(|(of, _)| calls && deeper && *of == hole);
        let all: Vec<&str> = from
            .iter()
            .copied()
            .filter(|text| calls || !text.contains('F'))
            .chain(fitting.map(|(_, text)| *text))
            .collect();
        choices.next().map_or(all[0], |c| all[c % all.len()]).to_string()
    };
    let template = match (deeper, hole) {
        (true, 'F') => any_call(choices),
        (false, 'E') => pick(COLLECTED),
        (false, hole) => pick(LEAVES.iter().find(|(h, _)| *h == hole || hole == 'F').unwrap().1),
        (_, 'S') => pick(TEXTS),
        (_, 'B') => pick(BOOLS),
        (_, 'N') => pick(NUMBERS),
        (_, 'L') => pick(LISTS),
        (_, 'V') => pick(ANYTHING),
        (_, 'E') => pick(COLLECTED),
        _ => pick(MAPS),
    };
    if !deeper {
        return template;
    }
    template.chars().fold(String::new(), |mut out, c| {
        if "SBNLMVFCD".contains(c) {
            let inner = written(c, choices, depth - 1, calls);
            // Operators bind as in C; what stands in a hole is one operand.
            out += &if inner.contains(' ') { format!("({inner})") } else { inner };
        } else {
            out.push(c);
        }
        out
    })
}
