//! Whether bytes can lead to a key: a search for a few byte strings before any parsing.
//!
//! It must never hide a key. Why it does not:
//! - *CloudFormation.* A resource's type stands in a template as text, and functions are not allowed there. So a key
//!   comes from (a) the letters `AccessKey`; (b) another template or a snippet, by a type that begins with
//!   `AWS::CloudFormation::Stack` (`StackSet` too), by `AWS::Serverless::Application`, or by an include or macro, which
//!   a template can only ask for with the word `Transform`; (c) `Fn::ForEach`, which may put a type together; (d) a
//!   registered module (`…::MODULE`) or the client-side modules of `rain`. And it stands in a file that has the section
//!   `Resources`, or gets that section from an include (`AWS::Include`, the Serverless Framework's `${file(`) or from a macro in a file that says what it is
//!   (`AWSTemplateFormatVersion`). A template that has
//!   none of these may still declare or export the *user*: nested ones are read when their parent is, and those with
//!   `Export` are kept where another template has `ImportValue`.
//! - *Terraform.* The decision is for a module, over all of its files, since users, locals and variable files hold no
//!   key. A key comes from a block type that ends in `iam_access_key`, from CloudFormation text (`…cloudformation_stack`,
//!   `AccessKey`), or from a call of another module, whose word cannot be written otherwise.
//! - *Spelling.* A quoted string may spell a letter by an escape (`\u004b`, `\x4b`, `\U0000004b`) and, in YAML, go on in
//!   the next line after a backslash. Where such an escape is there, the bytes are searched a second time with all of
//!   them resolved. YAML's `!!binary` encodes a whole name; its word lets a file through. No other way of writing changes
//!   a letter: quotes, anchors and tags stand beside the text, and folded lines are joined by a space.
//! - *CDK.* A manifest is never filtered; it names its templates.
//!
//! What it lets through without need costs one parse. Source of the facts: CloudFormation user guide, "Template
//! sections", "Transform reference", "Fn::ForEach"; YAML 1.2 section 5.7; RFC 8259 section 7; HCL native syntax,
//! "Template Expressions".

use std::borrow::Cow;
use std::ops::BitOr;
use std::sync::LazyLock;

use memchr::memmem::Finder;

/// Which byte strings a text holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hints(u16);

impl Hints {
    /// A section `Resources`, or what may bring one.
    pub const GATE: Hints = Hints(1);
    /// Part of the name of a key's type.
    pub const KEY: Hints = Hints(2);
    /// Another template as a resource.
    pub const NESTED: Hints = Hints(4);
    /// A snippet of another file.
    pub const INCLUDE: Hints = Hints(8);
    /// Something that writes resources: a macro, a loop, a module.
    pub const EXPANDS: Hints = Hints(16);
    /// An export.
    pub const EXPORT: Hints = Hints(32);
    /// An import of an export.
    pub const IMPORT: Hints = Hints(64);
    /// Terraform: a call of a module, or a word that may be one.
    pub const CALL: Hints = Hints(128);
    /// Terraform: a resource that holds a template.
    pub const STACK: Hints = Hints(256);

    /// Whether any of `other` is here too.
    pub fn any(self, other: Hints) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether a template with these must be parsed for its own sake.
    pub fn template(self) -> bool {
        self.any(Hints::GATE) && self.any(Hints::KEY | Hints::NESTED | Hints::INCLUDE | Hints::EXPANDS)
    }

    /// Whether a template with these matters only to those who import from it.
    pub fn exports(self) -> bool {
        self.any(Hints::GATE) && self.any(Hints::EXPORT) && !self.template()
    }

    /// Whether a template with these may nest or include another file.
    pub fn reaches_out(self) -> bool {
        self.any(Hints::GATE) && self.any(Hints::NESTED | Hints::INCLUDE)
    }

    /// Whether a Terraform module with these must be looked at.
    pub fn module(self) -> bool {
        self.any(Hints::KEY | Hints::CALL | Hints::STACK)
    }
}

impl BitOr for Hints {
    type Output = Hints;
    fn bitor(self, other: Hints) -> Hints {
        Hints(self.0 | other.0)
    }
}

type Needles = Vec<(Finder<'static>, Hints)>;

fn needles(list: &[(&'static str, Hints)]) -> Needles {
    list.iter().map(|&(text, hint)| (Finder::new(text), hint)).collect()
}

static RESOURCES: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("Resources"));

/// Stands in both of the next two; one look spares most files two.
static AWS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("AWS"));

/// How a file of the Serverless Framework takes in another one, its whole `resources` even.
const FILE: &str = "${file(";

static BRINGS_FILE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(FILE));

static BRINGS_RESOURCES: LazyLock<Needles> =
    LazyLock::new(|| needles(&[("AWS::Include", Hints::GATE), ("AWSTemplateFormatVersion", Hints::GATE)]));

static TEMPLATE: LazyLock<Needles> = LazyLock::new(|| {
    needles(&[
        ("AccessKey", Hints::KEY),
        ("AWS::CloudFormation::Stack", Hints::NESTED),
        ("AWS::Serverless::Application", Hints::NESTED),
        ("AWS::Include", Hints::INCLUDE),
        (FILE, Hints::INCLUDE),
        ("Transform", Hints::EXPANDS),
        ("ForEach", Hints::EXPANDS),
        ("binary", Hints::EXPANDS),
        ("::MODULE", Hints::EXPANDS),
        ("Rain::", Hints::EXPANDS),
        ("Modules", Hints::EXPANDS),
        ("Export", Hints::EXPORT),
        ("ImportValue", Hints::IMPORT),
    ])
});

static TERRAFORM: LazyLock<Needles> = LazyLock::new(|| {
    needles(&[
        ("iam_access_key", Hints::KEY),
        ("AccessKey", Hints::KEY),
        ("cloudformation_stack", Hints::STACK),
    ])
});

/// Part of the names of all functions that read one: `file`, `fileset`, `templatefile`, ….
static READS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("file"));

static MODULE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("module"));

fn search(bytes: &[u8], list: &Needles) -> Hints {
    let found = list.iter().filter(|(needle, _)| needle.find(bytes).is_some());
    found.fold(Hints::default(), |all, (_, hint)| all | *hint)
}

/// What every file of the Serverless Framework has.
static PROVIDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("provider"));

static VARIABLE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("${"));

static FRAMEWORK_RESOURCES: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("resources"));

/// Whether a file of the Serverless Framework may have a variable in the place of `resources` or of a part of it.
fn takes_variable(bytes: &[u8]) -> bool {
    let stands = |at: usize| {
        let rest = bytes.get(at + "resources".len()..).unwrap_or_default();
        let between = |b: &u8| b.is_ascii_whitespace() || b"\"':-[".contains(b);
        let blank = rest.iter().take_while(|b| between(b)).count();
        rest.get(blank..).is_some_and(|value| value.starts_with(b"${"))
    };
    FRAMEWORK_RESOURCES.find_iter(bytes).any(stands)
}

/// Whether a variable of the framework may stand for a resource.
fn has_variables(bytes: &[u8]) -> bool {
    PROVIDER.find(bytes).is_some() && VARIABLE.find(bytes).is_some()
}

fn is_gate(bytes: &[u8]) -> bool {
    RESOURCES.find(bytes).is_some()
        || takes_variable(bytes)
        || BRINGS_FILE.find(bytes).is_some()
        || AWS.find(bytes).is_some() && search(bytes, &BRINGS_RESOURCES).any(Hints::GATE)
}

/// The hints of YAML or JSON: none at all without a gate.
pub fn template_hints(bytes: &[u8]) -> Hints {
    let look = |bytes: &[u8]| {
        if !is_gate(bytes) {
            return Hints::default();
        }
        let variables = if has_variables(bytes) { Hints::INCLUDE } else { Hints::default() };
        Hints::GATE | variables | search(bytes, &TEMPLATE)
    };
    match resolve_escapes(bytes) {
        Cow::Borrowed(_) => look(bytes),
        Cow::Owned(resolved) => look(bytes) | look(&resolved),
    }
}

/// The hints of a Terraform file, in either syntax.
pub fn terraform_hints(bytes: &[u8]) -> Hints {
    let look = |bytes: &[u8]| {
        let call = MODULE.find_iter(bytes).any(|at| may_be_call(bytes, at));
        search(bytes, &TERRAFORM) | if call { Hints::CALL } else { Hints::default() }
    };
    match resolve_escapes(bytes) {
        Cow::Borrowed(_) => look(bytes),
        Cow::Owned(resolved) => look(bytes) | look(&resolved),
    }
}

/// Whether Terraform's text may call a function that reads a file: a word that holds `file` before a parenthesis, or before
/// a comment that may stand between them. So does a `data "local_file"`.
pub fn may_read_files(bytes: &[u8]) -> bool {
    let called = |bytes: &[u8], at: usize| {
        let before = bytes.get(..at).unwrap_or_default();
        if before.ends_with(b"local_") || before.ends_with(b"local_sensitive_") {
            return true;
        }
        let rest = bytes.get(at + "file".len()..).unwrap_or_default();
        let mut rest =
            rest.iter().skip_while(|b| b.is_ascii_alphanumeric()).skip_while(|b| b.is_ascii_whitespace());
        matches!(rest.next(), Some(b'(' | b'/' | b'#'))
    };
    let look = |bytes: &[u8]| READS.find_iter(bytes).any(|at| called(bytes, at));
    look(bytes) || matches!(resolve_escapes(bytes), Cow::Owned(resolved) if look(&resolved))
}

/// Whether the word at `at` stands alone and is not a reference (`module.x`).
fn may_be_call(bytes: &[u8], at: usize) -> bool {
    let word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    let before = at.checked_sub(1).and_then(|i| bytes.get(i));
    !before.is_some_and(word) && !bytes.get(at + "module".len()).is_some_and(word)
}

/// The bytes with each escape that stands for an ASCII character resolved, and each line that ends in a backslash
/// joined with the next; borrowed where there is none. Escaped backslashes are not told apart, on purpose: they may be
/// those of text that stands in text, and what they are not costs one parse.
pub fn resolve_escapes(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut out: Option<Vec<u8>> = None;
    let mut copied = 0;
    for at in memchr::memchr_iter(b'\\', bytes) {
        if at < copied {
            continue;
        }
        let Some((character, len)) = bytes.get(at + 1..).and_then(escape) else { continue };
        let out = out.get_or_insert_with(Vec::new);
        out.extend_from_slice(bytes.get(copied..at).unwrap_or_default());
        // In text inside of text the backslash is escaped itself, once for each text around it.
        while out.last() == Some(&b'\\') {
            out.pop();
        }
        out.extend(character);
        copied = at + 1 + len;
    }
    match out {
        None => Cow::Borrowed(bytes),
        Some(mut out) => {
            out.extend_from_slice(bytes.get(copied..).unwrap_or_default());
            Cow::Owned(out)
        }
    }
}

/// The character that an escape (without its backslash) stands for, none for a joined line, and the escape's length.
/// `None` for an escape that cannot spell a name.
fn escape(rest: &[u8]) -> Option<(Option<u8>, usize)> {
    let digits = match rest.first()? {
        b'x' => 2,
        b'u' => 4,
        b'U' => 8,
        b'\n' | b'\r' => {
            let blank = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
            return Some((None, blank));
        }
        _ => return None,
    };
    let hex = std::str::from_utf8(rest.get(1..=digits)?).ok()?;
    let value = u32::from_str_radix(hex, 16).ok()?;
    let character =
        u8::try_from(value).ok().filter(|c| c.is_ascii_alphabetic() || matches!(c, b':' | b'_'))?;
    Some((Some(character), 1 + digits))
}

/// Whether text can hold a template that leads to a key, whatever is around it: one that is text itself, in a stack set
/// or another language.
pub fn may_lead_to_key(text: &str) -> bool {
    template_hints(text.as_bytes()).template()
}

/// Whether the type of an access key stands in YAML or JSON text where a resource's type stands
/// (`Type: AWS::IAM::AccessKey`, quoted or not), comments aside. For a file that does not parse: `true` means that the
/// answer is incomplete without it, `false` that it is something else's and may be passed over.
pub fn mentions_key_type(text: &str) -> bool {
    // The last one is the first in base64.
    const KEYS: [&str; 3] = ["AWS::IAM::AccessKey", "TF::AWS::IamAccessKey", "QVdTOjpJQU06OkFjY2Vzc0tleQ"];
    let resolved = resolve_escapes(text.as_bytes());
    let text = String::from_utf8_lossy(&resolved);
    let stands_as_type = |(at, key): (usize, &str)| {
        let (before, after) = (text.get(..at).unwrap_or(""), text.get(at + key.len()..).unwrap_or(""));
        let ends = !after.starts_with(|c: char| c.is_alphanumeric() || c == ':' || c == '_');
        ends && is_type_key(before) && !in_comment(before)
    };
    // An anchor before it, and an alias as some resource's type, are as good.
    let aliased = || text.match_indices('*').any(|(at, _)| is_type_key(text.get(..at).unwrap_or("")));
    let anchored = |(at, _): (usize, &str)| {
        let before = text.get(..at).unwrap_or("").trim_end_matches(QUOTES).trim_end();
        before.rsplit(char::is_whitespace).take(2).any(|word| word.contains('&')) && aliased()
    };
    KEYS.iter().any(|key| text.match_indices(key).any(|found| stands_as_type(found) || anchored(found)))
}

/// Whether `before` ends with `Type:`, and at most a quote, anchors, tags and comments between it and the value.
fn is_type_key(before: &str) -> bool {
    let mut rest = before.trim_end_matches(QUOTES).trim_end();
    while !ends_with_type(rest) {
        let word = rest.rsplit(char::is_whitespace).next().unwrap_or("");
        let beside = || word.find(":&").or_else(|| word.find(":!")).map(|at| at + 1);
        let at = if word.starts_with(['&', '!', '|', '>']) { Some(0) } else { beside() };
        let shorter = match (rest.strip_suffix("*/"), at) {
            (Some(comment), _) => comment.rsplit_once("/*").map(|(head, _)| head),
            (None, Some(at)) => rest.get(..rest.len() - word.len() + at),
            (None, None) => comment_start(rest).and_then(|at| rest.get(..at)),
        };
        match shorter {
            Some(shorter) => rest = shorter.trim_end(),
            None => return false,
        }
    }
    true
}

const QUOTES: [char; 3] = ['"', '\'', '\\'];

fn ends_with_type(text: &str) -> bool {
    let Some(rest) = text.strip_suffix(':') else { return false };
    let rest = rest.trim_end().trim_end_matches(QUOTES);
    let Some(rest) = rest.strip_suffix("Type") else { return false };
    !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-')
}

/// Where a comment has begun in the last line of `text`. What stands in quotes is none.
fn comment_start(text: &str) -> Option<usize> {
    let line = text.rsplit('\n').next().unwrap_or("");
    let outside = |at: usize| {
        let ahead = line.get(..at).unwrap_or("");
        ahead.matches('"').count() % 2 == 0 && ahead.matches('\'').count() % 2 == 0
    };
    let separate = |at: usize| {
        let ahead = line.get(..at).unwrap_or("");
        ahead.is_empty() || ahead.ends_with(|c: char| c.is_whitespace() || "\"']}[{,".contains(c))
    };
    let hash = line.match_indices('#').find(|(at, _)| separate(*at) && outside(*at));
    let slashes = || line.match_indices("//").find(|(at, _)| outside(*at));
    let (at, _) = hash.or_else(slashes)?;
    Some(text.len() - line.len() + at)
}

/// Whether a comment has begun in the last line of `before`; slashes only begin one at the start of a line.
fn in_comment(before: &str) -> bool {
    let hash = comment_start(before).is_some_and(|at| before.get(at..).is_some_and(|c| c.starts_with('#')));
    hash || before.rsplit('\n').next().unwrap_or("").trim_start().starts_with("//")
}

#[cfg(test)]
mod tests;
