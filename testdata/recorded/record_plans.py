#!/usr/bin/env python3
"""record_plans.py [--jobs 2] [--count 240] [--seed 1]

Writes terraform_plans.jsonl beside this file: Terraform configurations, each with the access keys that the real
`terraform` plans for it, or the fact that it refuses it. `tests/recorded_plans.rs` compares lonekey with them.

A configuration is a few of the pieces below, each about one feature of the language, with names of its own. For the
record every user and key has a twin, a `terraform_data` of the same arguments, since that one can be planned without a
provider, an account or a network. `.~name` in a piece is an attribute of a user: `.name` of the resource, `.input.name`
of its twin. The choices are seeded: the same call writes the same configurations.
"""
import argparse, json, os, random, re, shutil, subprocess, tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))


def key(name, user, status=None, meta=""):
    """An access key; `P` in names stands for what tells the pieces of a configuration apart."""
    arguments = [f"user = {user}"] + ([f"status = {status}"] if status else [])
    return block("aws_iam_access_key", name, meta, arguments)


def user(name, expression, meta=""):
    return block("aws_iam_user", name, meta, [f"name = {expression}"])


def block(kind, name, meta, arguments):
    lines = [f"  {line}" for line in meta.splitlines()]
    marked = [f"  @{argument}" for argument in arguments]
    return f'resource "{kind}" "P{name}" {{\n' + "\n".join(lines + marked) + "\n}\n"


def as_aws(text):
    return re.sub(r"(?m)^  @", "  ", text).replace(".~", ".")


def as_twin(text):
    """The same configuration with a twin for each user and key."""
    def one(match):
        kind, name, body = match.groups()
        short = "key" if kind == "aws_iam_access_key" else "user"
        # An argument may go on over several lines: up to the next one, or the end of the block.
        meta, *arguments = re.split(r"(?m)^  @", body)
        inside = "\n".join("    " + a.rstrip("\n") for a in arguments)
        return f'resource "terraform_data" "{short}_{name}" {{\n{meta}  input = {{\n{inside}\n  }}\n}}\n'
    text = re.sub(r'resource "(aws_iam_access_key|aws_iam_user)" "(\w+)" \{\n(.*?)\n\}\n', one, text, flags=re.S)
    text = re.sub(r"\baws_iam_user\.(\w+)", r"terraform_data.user_\1", text)
    return text.replace(".~", ".input.")


def json_twin(text):
    """The twin of JSON syntax, whose resources are objects."""
    tree = json.loads(text)
    out = {}
    for kind, named in tree.pop("resource", {}).items():
        short = {"aws_iam_access_key": "key", "aws_iam_user": "user"}[kind]
        for name, body in named.items():
            meta = {k: body[k] for k in ("count", "for_each", "lifecycle") if k in body}
            rest = {k: v for k, v in body.items() if k not in meta}
            out[f"{short}_{name}"] = {**meta, "input": rest}
    tree["resource"] = {"terraform_data": out}
    return as_twin(json.dumps(tree, indent=2))


# Each piece is text for main.tf, or files by path. WORD, OTHER and N are chosen anew for each configuration.
PIECES = {
    "plain": user("u", '"PWORD"') + key("k", "aws_iam_user.Pu.~name"),
    "two statuses": key("k", '"PWORD"', '"Inactive"') + key("l", '"PWORD"', '"Active"'),
    "null status": key("k", '"PWORD"', "null"),
    "count": key("k", '"PWORD-${count.index}"', None, "count = N"),
    "count of text": key("k", '"PWORD"', None, 'count = "N"'),
    "count of a condition": 'variable "Pon" {\n  default = N > 1\n}\n'.replace("N > 1", "true")
    + key("k", '"PWORD"', None, "count = var.Pon ? N : 0"),
    "set": key("k", "each.value", None, 'for_each = toset(["WORD", "OTHER", "WORD"])'),
    "map": key("k", "each.value", 'each.key == "a" ? "Active" : "Inactive"', 'for_each = { a = "WORD", b = "OTHER" }'),
    "object keys": key("k", '"PWORD"', None, 'for_each = { "x.y" = 1, "a/b" = 2, "é" = 3, "q\\"r" = 4 }'),
    "each user": user("u", "each.key", 'for_each = toset(["WORD", "OTHER"])')
    + key("k", "each.value.~name", None, "for_each = aws_iam_user.Pu"),
    "indexed user": user("u", '"PWORD-${count.index}"', "count = 2") + key("k", "aws_iam_user.Pu[1].~name"),
    "splat": user("u", '"PWORD-${count.index}"', "count = N")
    + key("k", "aws_iam_user.Pu.*.~name[count.index]", None, "count = length(aws_iam_user.Pu)"),
    "values splat": user("u", "upper(each.key)", 'for_each = toset(["WORD", "OTHER"])')
    + key("k", 'join("+", values(aws_iam_user.Pu)[*].~name)'),
    "one of a count": user("u", '"PWORD"', "count = 1") + key("k", "one(aws_iam_user.Pu[*].~name)"),
    "legacy splat": user("u", '"PWORD-${count.index}"', "count = 2") + key("k", 'element(aws_iam_user.Pu.*.~name, N)'),
    "locals": 'locals {\n  Pa = "WORD"\n  Pb = "${local.Pa}-OTHER"\n}\n' + key("k", "local.Pb"),
    "for with if": key("k", "each.key", None, 'for_each = toset([for n in ["WORD", "OTHER", "x"] : upper(n) if n != "x"])'),
    "for over a map": key("k", "each.value", None, 'for_each = { for k, v in { WORD = "a", OTHER = "b" } : v => "${k}-${v}" }'),
    "grouping": 'locals {\n  Pg = { for n in ["ax", "ay", "bz"] : substr(n, 0, 1) => n... }\n}\n'
    + key("k", 'join("", each.value)', None, "for_each = local.Pg"),
    "for of index": key("k", "each.value", None, 'for_each = { for i, n in ["WORD", "OTHER"] : "n${i}" => n }'),
    "flatten": 'locals {\n  Pf = flatten([for t in ["WORD", "OTHER"] : [for i in range(N) : "${t}-${i}"]])\n}\n'
    + key("k", "each.key", None, "for_each = toset(local.Pf)"),
    "setproduct": key("k", "each.value[0]", 'each.value[1] == "blue" ? "Active" : "Inactive"',
                      'for_each = { for p in setproduct(["WORD", "OTHER"], ["blue", "green"]) : join("/", p) => p }'),
    "merge": key("k", "each.value", None, 'for_each = merge({ a = "WORD" }, { b = "OTHER" }, { a = "x" })'),
    "conditional map": key("k", "each.value", None, 'for_each = N > 1 ? { a = "WORD" } : {}'),
    "unified arms": key("k", '"PWORD-${(true ? 1 : "a")}"'),
    "lookup": key("k", 'lookup({ a = "WORD" }, "b", "OTHER")'),
    "try": key("k", 'try({ a = "WORD" }.b, { a = "WORD" }["c"], "OTHER")'),
    "can": key("k", '"PWORD"', 'can(tonumber("WORD")) ? "Active" : "Inactive"'),
    "coalesce": key("k", 'coalesce("", null, "WORD")'),
    "format": key("k", 'format("%s-%03d-%.1f-%q-%v", "WORD", N, 1.25, "q", true)'),
    "formatlist": key("k", 'join(",", formatlist("%s-%d", ["WORD", "OTHER"], [1, 2]))'),
    "numbers": key("k", '"n-${0.1 + 0.2}-${1 / 3 * 3}-${1e3}-${7 % 3}-${-7 % 3}-${10 / 4}"'),
    "number texts": key("k", '"${1.0}-${2.50}-${1e21}-${1e-7}-${0.1 * 3}"'),
    "comparisons": key("k", '"${1 == "1"}-${1 < "2"}-${[1] == [1]}-${null == ""}-${"1" == "1"}"'),
    "text functions": key("k", 'title(replace(trimspace("  WORD OTHER  "), "/[aeiou]/", "-"))'),
    "substr": key("k", 'substr("PWORD-é-OTHER", 1, 9)'),
    "split": key("k", 'split("-", "WORD-OTHER-z")[1]'),
    "regex": key("k", 'regex("^(?P<w>[a-z]+)-(?P<x>.)", "WORD-9").x', None, 'count = length(regexall("[a-z]", "ab1"))'),
    "sort": key("k", 'join("", sort(["b", "B", "10", "9", "a"]))'),
    "sets": key("k", "each.key", None, 'for_each = setunion(setintersection(["a", "b"], ["b"]), setsubtract(["WORD", "a"], ["a"]))'),
    "keys and values": key("k", 'join(".", concat(keys({ b = 1, a = 2 }), values({ b = "x", a = "y" })))'),
    "zipmap": key("k", "each.value", None, 'for_each = zipmap(["a", "b"], ["WORD", "OTHER"])'),
    "transpose": key("k", 'join("", each.value)', None, 'for_each = transpose({ a = ["WORD", "x"], b = ["x"] })'),
    "chunklist": key("k", 'join("", chunklist(["a", "b", "c"], 2)[1])'),
    "slice": key("k", 'join("", slice(reverse(["a", "b", "c"]), 0, 2))'),
    "distinct": key("k", 'join("", distinct(["a", "b", "a"]))', None, 'count = length(compact(["", "a", "b"]))'),
    "range": key("k", '"PWORD-${count.index}"', None, "count = length(range(0, N * 2, 2))"),
    "max": key("k", '"PWORD"', None, "count = max(N, 2) - min(1, N)"),
    "sum": key("k", '"s-${sum([1, 2.5])}-${ceil(1.2)}-${floor(-1.2)}-${abs(-3)}-${signum(-4)}"'),
    "encodings": key("k", '"${base64encode("WORD")}-${md5("OTHER")}"'),
    "hashes": key("k", 'substr(sha256("WORD"), 0, 12)'),
    "jsondecode": key("k", "each.value.n", None, 'for_each = { for o in jsondecode("[{\\"n\\": \\"WORD\\"}, {\\"n\\": \\"OTHER\\"}]") : o.n => o }'),
    "jsonencode": key("k", 'jsonencode({ b = [1, true, null], a = "WORD" })'),
    "yaml file": {"main.tf": 'locals {\n  Py = yamldecode(file("${path.module}/Pu.yaml"))\n}\n'
                  + key("k", "each.value.name", 'each.value.active ? "Active" : "Inactive"', 'for_each = { for u in local.Py.users : u.name => u }'),
                  "Pu.yaml": "users:\n  - name: WORD\n    active: yes\n  - name: OTHER\n    active: false\n"},
    "csv file": {"main.tf": key("k", "each.value.name", "each.value.status", 'for_each = { for r in csvdecode(file("Pu.csv")) : r.name => r }'),
                 "Pu.csv": "name,status\nWORD,Active\nOTHER,Inactive\n"},
    "json file": {"main.tf": key("k", "each.key", None, 'for_each = toset(jsondecode(file("${path.root}/Pu.json")))'), "Pu.json": '["WORD", "OTHER"]\n'},
    "template file": {"main.tf": key("k", 'trimspace(templatefile("${path.module}/Pt.tftpl", { names = ["WORD", "OTHER"], n = N }))'),
                      "Pt.tftpl": "%{ for x in names ~}\n${x}-\n%{~ endfor ~}\n${n}\n"},
    "fileset": {"main.tf": key("k", 'trimsuffix(each.key, ".txt")', None, 'for_each = fileset(path.module, "Pd/*.txt")'),
                "Pd/WORD.txt": "x\n", "Pd/OTHER.txt": "y\n", "Pd/no.md": "z\n"},
    "lines of a file": {"main.tf": key("k", "each.key", None, 'for_each = toset(split("\\n", trimspace(file("Pl.txt"))))'), "Pl.txt": "WORD\nOTHER\n"},
    "heredoc": "locals {\n  Ph = <<EOT\nPWORD\n  OTHER\nEOT\n}\n" + key("k", "trimspace(replace(local.Ph, \"\\n\", \"+\"))"),
    "indented heredoc": "locals {\n  Ph = <<-EOT\n      PWORD\n        OTHER-${N}\n    z\n  EOT\n}\n" + key("k", "local.Ph"),
    "directives": key("k", '"%{ if N > 1 }WORD%{ else }OTHER%{ endif }-%{ for i, x in ["a", "b"] }${i}${x}%{ endfor }"'),
    "directive with strips": key("k", '"a  %{~ if true ~}  b  %{~ endif ~}  c"'),
    "escapes": key("k", '"$${x}-%%{y}-\\t-\\u00e9-\\"-$-%"'),
    "typed variable": 'variable "Pv" {\n  type = list(string)\n  default = ["WORD", 7, true]\n}\n' + key("k", "var.Pv[count.index]", None, "count = length(var.Pv)"),
    "optional": 'variable "Pv" {\n  type = map(object({ name = optional(string, "d-WORD"), on = optional(bool, true), tags = optional(map(string), { a = "t" }) }))\n'
    '  default = { a = {}, b = { name = "OTHER", on = false }, c = { name = null } }\n}\n'
    + key("k", '"${each.key}-${each.value.name}-${each.value.tags.a}"', 'each.value.on ? "Active" : "Inactive"', "for_each = var.Pv"),
    "nested optional": 'variable "Pv" {\n  type = object({ in = optional(object({ n = optional(string, "WORD"), m = optional(number) }), {}) })\n  default = {}\n}\n'
    + key("k", '"${var.Pv.in.n}-${var.Pv.in.m == null}"'),
    "nullable": 'variable "Pv" {\n  type = string\n  default = "WORD"\n  nullable = false\n}\n' + key("k", "var.Pv"),
    "tfvars": {"main.tf": 'variable "Pv" {\n  type = string\n  default = "no"\n}\n' + key("k", "var.Pv"), "terraform.tfvars": 'Pv = "WORD"\n'},
    "tfvars in order": {"main.tf": 'variable "Pv" {\n  type = string\n}\n' + key("k", "var.Pv"),
                        "terraform.tfvars": 'Pv = "no"\n', "Pa.auto.tfvars": 'Pv = "WORD"\n', "Pb.auto.tfvars.json": '{"Pv": "OTHER"}\n'},
    "tfvars with types": {"main.tf": 'variable "Pv" {\n  type = set(string)\n}\n' + key("k", "each.key", None, "for_each = var.Pv"), "Px.auto.tfvars": 'Pv = ["WORD", 7, "WORD"]\n'},
    "override": {"main.tf": key("k", '"no"', '"Active"'), "override.tf": block("aws_iam_access_key", "k", "", ['user = "PWORD"'])},
    "override of a local": {"main.tf": 'locals {\n  Pl = "no"\n  Pm = "OTHER"\n}\n' + key("k", '"${local.Pl}-${local.Pm}"'), "P_override.tf": 'locals {\n  Pl = "WORD"\n}\n'},
    "json syntax": {"P.tf.json": json.dumps({"variable": {"Pj": {"type": "string", "default": "WORD"}}, "resource": {"aws_iam_user": {"Pj": {"name": "${var.Pj}"}},
                    "aws_iam_access_key": {"Pj": {"user": "${aws_iam_user.Pj.~name}", "count": 2}, "Pe": {"for_each": {"a": "OTHER"}, "user": "x-${each.value}", "status": "Inactive"}}}})},
    "module": {"main.tf": 'module "Pm" {\n  source = "./Pm"\n  name = "WORD"\n}\n' + key("k", "module.Pm.name"),
               "Pm/main.tf": 'variable "name" {\n  type = string\n}\n' + user("u", '"u-${var.name}"') + key("k", "aws_iam_user.Pu.~name") + 'output "name" {\n  value = aws_iam_user.Pu.~name\n}\n'},
    "counted module": {"main.tf": 'module "Pm" {\n  source = "./Pm"\n  count = N\n  name = "WORD-${count.index}"\n}\n' + key("k", 'join("/", module.Pm[*].name)'),
                       "Pm/main.tf": 'variable "name" {}\n' + key("k", "var.name", None, 'count = var.name == "WORD-0" ? 2 : 1') + 'output "name" {\n  value = upper(var.name)\n}\n'},
    "module for each": {"main.tf": 'module "Pm" {\n  source = "./Pm"\n  for_each = { a = "WORD", "b c" = "OTHER" }\n  name = each.value\n}\n'
                        + key("k", "each.value.name", None, "for_each = module.Pm") + key("l", 'module.Pm["b c"].all["x"]'),
                        "Pm/main.tf": 'variable "name" {\n  type = string\n}\noutput "name" {\n  value = "o-${var.name}"\n}\noutput "all" {\n  value = { for n in ["x", "y"] : n => "${n}-${var.name}" }\n}\n'},
    "nested modules": {"main.tf": 'module "Pm" {\n  source = "./Pm"\n  names = ["WORD", "OTHER"]\n}\n' + key("k", "module.Pm.first"),
                       "Pm/main.tf": 'variable "names" {\n  type = list(string)\n}\nmodule "in" {\n  source = "./in"\n  for_each = toset(var.names)\n  name = each.key\n}\noutput "first" {\n  value = module.in[var.names[0]].made\n}\n',
                       "Pm/in/main.tf": 'variable "name" {\n  type = string\n}\nvariable "on" {\n  default = true\n}\n' + key("k", "var.name", 'var.on ? "Active" : "Inactive"') + 'output "made" {\n  value = "made-${var.name}"\n}\n'},
    "module with users": {"main.tf": 'module "Pm" {\n  source = "./Pm"\n}\n' + key("k", "each.value.~name", None, "for_each = module.Pm.users"),
                          "Pm/main.tf": user("u", '"u-${each.key}"', 'for_each = toset(["WORD", "OTHER"])') + 'output "users" {\n  value = aws_iam_user.Pu\n}\n'},
    "module default": {"main.tf": 'module "Pm" {\n  source = "./Pm"\n  name = null\n}\n', "Pm/main.tf": 'variable "name" {\n  default = "WORD"\n  nullable = false\n}\n' + key("k", "var.name")},
    "no module instance": {"main.tf": 'module "Pm" {\n  source = "./Pm"\n  count = 0\n}\n' + key("k", '"n-${length(module.Pm)}"'), "Pm/main.tf": key("k", '"WORD"')},
    "path": {"main.tf": 'module "Pm" {\n  source = "./Pm"\n}\n', "Pm/main.tf": key("k", '"p-${basename(path.module)}"')},
    "lifecycle": key("k", '"PWORD"', None, "lifecycle {\n  create_before_destroy = true\n  ignore_changes = [input]\n}").replace("[input]", "all"),
    "expanded arguments": key("k", 'join("-", concat([["WORD"], ["OTHER"]]...))'),
    "object attributes": 'locals {\n  Po = { users = [{ name = "WORD" }, { name = "OTHER" }] }\n}\n' + key("k", "local.Po.users[count.index].name", None, "count = length(local.Po.users)")
    + key("l", 'join("", local.Po.users[*].name)'),
    "nested for": key("k", "each.value.u", None, 'for_each = { for x in flatten([for u, ks in { WORD = ["a", "b"], OTHER = ["c"] } : [for k in ks : { id = "${u}:${k}", u = u }]]) : x.id => x }'),
    "alltrue": key("k", '"PWORD"', 'alltrue([true, "true"]) && !anytrue([]) ? "Active" : "Inactive"'),
    "contains": key("k", '"PWORD"', 'contains(["WORD"], "OTHER") || startswith("WORD", "x") ? "Active" : "Inactive"'),
    "time": key("k", 'formatdate("YYYY-MM", "2024-02-29T00:00:00Z")'),
    "cidr": key("k", 'cidrsubnet("10.0.0.0/16", 8, N)'),
    "strings": key("k", '"${strrev("abc")}-${join("", matchkeys(["a", "b"], ["x", "y"], ["y"]))}-${index(["a", "b"], "b")}"'),
    "map of lists": key("k", "each.value[0]", None, 'for_each = { for k, v in { a = ["WORD"], b = [] } : k => v if length(v) > 0 }'),
    "unicode": key("k", '"${upper("straße")}-${length("e\\u0301é")}-${lower("ÀÉ")}"'),
    "trim": key("k", '"${trim("xxWORDxx", "x")}-${trimprefix("a-b", "a-")}-${chomp("z\\n")}-${indent(1, "a\\nb")}"'),
    "defaults of maps": key("k", 'merge({ a = 1 }, { a = "WORD" }).a'),
    "element wraps": key("k", 'element(["WORD", "OTHER"], 5)'),
    "conversion": key("k", 'join("", [for x in toset([3, 20, 1]) : tostring(x)])'),
    "tuple of types": key("k", 'join("|", [for x in ["a", 1, true] : "${x}"])'),
    "parseint": key("k", '"${parseint("ff", 16)}-${pow(2, 10)}-${log(8, 2)}"'),
}
# Refused whatever the inputs are.
ERRORS = {
    "index past the end": key("k", '["WORD"][3]'),
    "missing key": key("k", '{ a = "WORD" }["b"]'),
    "negative count": key("k", '"WORD"', None, "count = -1"),
    "fractional count": key("k", '"WORD"', None, "count = 1.5"),
    "list for for_each": key("k", "each.key", None, 'for_each = ["WORD"]'),
    "null for for_each": key("k", "each.key", None, "for_each = null"),
    "null in a template": key("k", '"a-${null}"'),
    "list in a template": key("k", '"a-${["x"]}"'),
    "text as a number": key("k", '"${"a" + 1}"'),
    "key twice": key("k", "each.key", None, 'for_each = { for x in ["a", "a"] : x => x }'),
    "wrong type": 'variable "Pv" {\n  type = number\n  default = "WORD"\n}\n' + key("k", '"n-${var.Pv}"'),
    "cycle": 'locals {\n  Pa = "${local.Pb}"\n  Pb = "${local.Pa}"\n}\n' + key("k", "local.Pa"),
    "not declared": key("k", "local.Pnothing"),
    "index inside each element": user("u", "each.key", 'for_each = toset(["WORD"])') + key("k", "values(aws_iam_user.Pu)[*].~name[0]"),
    "no output": {"main.tf": 'module "Pm" {\n  source = "./Pm"\n}\n' + key("k", "module.Pm.no"), "Pm/main.tf": 'output "yes" {\n  value = "WORD"\n}\n'},
    "argument missing": {"main.tf": 'module "Pm" {\n  source = "./Pm"\n}\n', "Pm/main.tf": 'variable "name" {}\n' + key("k", "var.name")},
    "set of numbers": key("k", "each.key", None, "for_each = toset([1, 2])"),
    "null condition": key("k", 'null ? "a" : "b"'),
    "missing file": key("k", 'file("Pnothing.txt")'),
    "range too long": key("k", '"u"', None, "count = length(range(2000))"),
}
WORDS = ["ada", "bob", "ci", "deploy", "reader", "writer", "mailer"]


def choose(rng, names, pool):
    """A configuration of these pieces: its files, as AWS and as twins."""
    files = {}
    for i, name in enumerate(names):
        piece = pool.get(name) or PIECES[name]
        word, other = rng.sample(WORDS, 2)
        number, prefix = str(rng.choice([1, 2, 3])), "abcdef"[i]
        piece = {"main.tf": piece} if isinstance(piece, str) else piece
        for path, text in piece.items():
            def fill(t):
                t = re.sub(r"\bP(?=[a-z_.])", prefix, t)
                return re.sub(r"\bN\b", number, t.replace("WORD", word).replace("OTHER", other))
            path, text = fill(path), fill(text)
            files[path] = files.get(path, "") + text
    aws = {p: as_aws(t) if p.endswith((".tf", ".tf.json")) else t for p, t in files.items()}
    twins = {p: json_twin(t) if p.endswith(".tf.json") else as_twin(t) if p.endswith(".tf") else t for p, t in files.items()}
    return aws, twins


def keys_of(module):
    for resource in module.get("resources", []):
        if resource["type"] == "terraform_data" and resource["name"].startswith("key_"):
            address = resource["address"].replace("terraform_data.key_", "aws_iam_access_key.")
            values = resource["values"]["input"]
            yield {"address": address, "user": values["user"], "status": values.get("status") or "Active"}
    for child in module.get("child_modules", []):
        yield from keys_of(child)


def plan(twins):
    """What terraform plans, or the summary of its refusal."""
    folder = tempfile.mkdtemp(prefix="plans")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TF_")}
    environment.update(TF_CLI_CONFIG_FILE="", TF_IN_AUTOMATION="1", CHECKPOINT_DISABLE="1")
    def terraform(*arguments):
        return subprocess.run(["terraform", *arguments], cwd=folder, env=environment, capture_output=True, text=True)
    try:
        for path, text in twins.items():
            path = os.path.join(folder, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        if any("module \"" in t for t in twins.values()):
            init = terraform("init", "-backend=false", "-input=false", "-no-color")
            if init.returncode:
                return None, init.stderr + init.stdout
        planned = terraform("plan", "-input=false", "-lock=false", "-refresh=false", "-no-color", "-out=plan")
        if planned.returncode:
            return None, planned.stderr
        shown = json.loads(terraform("show", "-json", "plan").stdout)
        return sorted(keys_of(shown["planned_values"]["root_module"]), key=lambda k: k["address"]), ""
    finally:
        shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--count", type=int, default=240)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    wanted = [([name], {}) for name in PIECES] + [([name], ERRORS) for name in ERRORS]
    while len(wanted) < options.count:
        wanted.append((rng.sample(sorted(PIECES), rng.choice([2, 3, 4])), {}))
    chosen = [(names, pool is ERRORS, *choose(rng, names, pool)) for names, pool in wanted]
    with ThreadPoolExecutor(options.jobs) as pool:
        plans = list(pool.map(lambda c: plan(c[3]), chosen))
    with open(os.path.join(HERE, "terraform_plans.jsonl"), "w", encoding="utf-8") as out:
        for (names, error, aws, _), (keys, why) in zip(chosen, plans):
            if (keys is None) != error:
                print("unexpected:", names, why[:600])
                continue
            case = {"name": ", ".join(names), "files": aws, "keys": keys}
            out.write(json.dumps(case, ensure_ascii=False, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
