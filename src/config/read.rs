//! The text of a configuration file to what it says.
//!
//! Answers: which keys are there, and is each of them what its key takes? What is not understood is an error with its
//! line and what to do; a key that is unknown names the nearest one.
//! Source: TOML 1.1.

use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{AccountGroup, Config, Set};
use crate::exception::{Draft, Field, Origin, Target};
use crate::globs;
use crate::nearest::nearest;
use crate::source::{Files, conflict};
use crate::span::{FileId, Loc, Span};

/// A configuration is written by hand: one larger than this is none.
const MAX_BYTES: usize = 1 << 20;

/// The keys of each table.
pub(super) const KEYS: [&str; 9] = [
    "fail-on",
    "show",
    "show-all",
    "exclude",
    "incomplete",
    "scenarios",
    "max-exception-days",
    "account",
    "exception",
];
pub(super) const ACCOUNT: [&str; 3] = ["units", "id", "production"];
pub(super) const EXCEPTION: [&str; 6] = ["user", "path", "owner", "expires", "reason", "kind"];

/// Reads the file that holds in `folder`.
pub(super) fn read(file: FileId, folder: PathBuf, files: &Files) -> Result<Config, String> {
    let source = files.source(file);
    let reader = Reader { file, files };
    let bom = source.bom();
    if source.text.len() > MAX_BYTES {
        return Err(reader.wrong(0..0, "this file is larger than 1 MiB; it is no configuration"));
    }
    if let Some(&at) = source.invalid_utf8.first() {
        return Err(reader.wrong(at..at + 1, "a byte that is not UTF-8; save the file as UTF-8"));
    }
    // A mark at the start is kept as blanks, so that offsets stay true.
    let text = source.text.replacen('\u{feff}', "   ", usize::from(bom > 0));
    let root = DeTable::parse(&text).map_err(|error| {
        if let Some((_, mark)) = conflict(&text) {
            let what =
                "this marks a merge conflict: keep what is to hold of both sides, and remove the marks";
            return reader.wrong(mark, what);
        }
        let what = error.message().lines().collect::<Vec<_>>().join(": ");
        reader.wrong(error.span().unwrap_or_default(), &format!("this is no TOML: {what}"))
    })?;
    let table = Table { reader: &reader, name: "lonekey.toml", table: root.get_ref() };
    table.only(&KEYS)?;
    Ok(Config {
        path: source.path.clone(),
        folder,
        fail_on: table.choice("fail-on")?,
        show: table.choice("show")?,
        show_all: table.get("show-all", |value| reader.flag("show-all", value))?,
        exclude: table.get("exclude", |value| {
            reader.patterns("exclude", value, |pattern| globs::ignoring(Path::new("/"), pattern).map(drop))
        })?,
        incomplete: table.choice("incomplete")?,
        scenarios: table.get("scenarios", |value| reader.patterns("scenarios", value, globs::check))?,
        max_exception_days: table.get("max-exception-days", |value| reader.days(value))?,
        accounts: table.each("account", account)?,
        exceptions: table.each("exception", exception)?,
    })
}

fn account(table: &Table<'_, '_>, at: Loc) -> Result<AccountGroup, String> {
    table.only(&ACCOUNT)?;
    let units = table.get("units", |value| table.reader.patterns("units", value, globs::check))?;
    let units = units.map(|set| set.value).filter(|units| !units.is_empty());
    let id = table.get("id", |value| table.reader.text("id", value))?;
    if let Some(wrong) = id.as_ref().filter(|id| !is_account_id(&id.value)) {
        return Err(table.reader.at(wrong.at, "an account id is 12 digits, in quotes"));
    }
    let production = table.get("production", |value| table.reader.flag("production", value))?;
    Ok(AccountGroup {
        units: units.ok_or_else(|| {
            table.reader.at(at, "[[account]] needs `units`, a list of folders and templates that share it")
        })?,
        id: id.map(|set| set.value),
        production: production.is_some_and(|set| set.value),
        at,
        said: table.reader.line(at),
    })
}

/// Whether it is 12 digits.
pub(super) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

fn exception(table: &Table<'_, '_>, at: Loc) -> Result<Draft, String> {
    table.only(&EXCEPTION)?;
    let text = |key: &str| -> Result<Option<Field>, String> {
        let set = table.get(key, |value| table.reader.date_or_text(key, value))?;
        Ok(set.map(|set| Field { text: set.value, at: set.at }))
    };
    let needed = |key: &str, what: &str| {
        let set = text(key)?;
        set.map(|field| field.text)
            .filter(|text| !text.is_empty())
            .ok_or_else(|| table.reader.at(at, &format!("[[exception]] needs `{key}`, {what}")))
    };
    if let Some(path) = text("path")? {
        globs::check(&path.text)
            .map_err(|reason| table.reader.at(path.at, &format!("path {:?}: {reason}", path.text)))?;
    }
    Ok(Draft {
        owner: text("owner")?,
        expires: text("expires")?,
        reason: text("reason")?,
        kind: text("kind")?,
        origin: Origin::Config,
        at,
        target: Target::User {
            user: needed("user", "the user's name or address")?,
            path: needed("path", "the folder, file or pattern that it holds for (\".\" for all)")?,
        },
    })
}

/// Errors with their place.
struct Reader<'f> {
    file: FileId,
    files: &'f Files,
}

impl Reader<'_> {
    fn loc(&self, span: Range<usize>) -> Loc {
        Loc::new(self.file, Span::new(span.start, span.end))
    }

    /// The file and the line.
    fn line(&self, loc: Loc) -> String {
        let source = self.files.source(self.file);
        format!("{}:{}", source.path, source.position(loc.span.start as usize).line)
    }

    fn wrong(&self, span: Range<usize>, what: &str) -> String {
        self.at(self.loc(span), what)
    }

    fn at(&self, loc: Loc, what: &str) -> String {
        let source = self.files.source(self.file);
        let position = source.position(loc.span.start as usize);
        format!("{}:{}:{}: {what}", source.path, position.line, position.column)
    }

    fn type_error(&self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) -> String {
        let got = with_article(value.get_ref().type_str());
        self.wrong(value.span(), &format!("`{key}` takes {wanted}, and this is {got}"))
    }

    fn text(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<String, String> {
        match value.get_ref() {
            DeValue::String(text) => Ok(text.to_string()),
            _ => Err(self.type_error(key, value, "text in quotes")),
        }
    }

    /// A date may stand without quotes.
    fn date_or_text(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<String, String> {
        match value.get_ref() {
            DeValue::Datetime(date) if key == "expires" => Ok(date.to_string()),
            _ => self.text(key, value),
        }
    }

    fn flag(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<bool, String> {
        match value.get_ref() {
            DeValue::Boolean(flag) => Ok(*flag),
            _ => Err(self.type_error(key, value, "true or false")),
        }
    }

    fn texts(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<Vec<String>, String> {
        match value.get_ref() {
            DeValue::Array(items) => items.iter().map(|item| self.text(key, item)).collect(),
            _ => Err(self.type_error(key, value, "a list of texts")),
        }
    }

    fn patterns(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> Result<Vec<String>, String> {
        let texts = self.texts(key, value)?;
        let spans = value.get_ref().as_array().into_iter().flat_map(|items| items.iter().map(Spanned::span));
        for (text, span) in texts.iter().zip(spans) {
            check(text).map_err(|reason| self.wrong(span, &format!("{key} {text:?}: {reason}")))?;
        }
        Ok(texts)
    }

    fn days(&self, value: &Spanned<DeValue<'_>>) -> Result<i64, String> {
        let number = match value.get_ref() {
            DeValue::Integer(n) => i64::from_str_radix(&n.as_str().replace('_', ""), n.radix()).ok(),
            _ => None,
        };
        match number.filter(|n| (1..=36_500).contains(n)) {
            Some(days) => Ok(days),
            None => {
                Err(self
                    .wrong(value.span(), "`max-exception-days` takes a whole number of days from 1 to 36500"))
            }
        }
    }
}

fn with_article(type_name: &str) -> String {
    match type_name.starts_with(['a', 'i']) {
        true => format!("an {type_name}"),
        false => format!("a {type_name}"),
    }
}

/// A table of the file.
struct Table<'r, 't> {
    reader: &'r Reader<'r>,
    name: &'static str,
    table: &'t DeTable<'t>,
}

impl Table<'_, '_> {
    /// Refuses every key but these.
    fn only(&self, keys: &[&str]) -> Result<(), String> {
        let unknown = |key: &&Spanned<toml::de::DeString<'_>>| !keys.contains(&key.get_ref().as_ref());
        let mut unknown: Vec<_> = self.table.iter().map(|(key, _)| key).filter(unknown).collect();
        unknown.sort_by_key(|key| key.span().start);
        let Some(key) = unknown.first() else { return Ok(()) };
        let name = key.get_ref().as_ref();
        let hint = match nearest(name, keys) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its keys are {}", keys.join(", ")),
        };
        Err(self.reader.wrong(key.span(), &format!("{} has no key `{name}`; {hint}", self.name)))
    }

    fn get<T>(
        &self,
        key: &str,
        read: impl Fn(&Spanned<DeValue<'_>>) -> Result<T, String>,
    ) -> Result<Option<Set<T>>, String> {
        let Some((_, value)) = self.table.iter().find(|(k, _)| k.get_ref().as_ref() == key) else {
            return Ok(None);
        };
        Ok(Some(Set { value: read(value)?, at: self.reader.loc(value.span()) }))
    }

    /// One of the words that the flag of the same name takes.
    fn choice<T: ValueEnum>(&self, key: &str) -> Result<Option<Set<T>>, String> {
        self.get(key, |value| {
            let text = self.reader.text(key, value)?;
            T::from_str(&text, false).map_err(|_| {
                let all = T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
                let names: Vec<String> = all.map(|v| v.get_name().to_owned()).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let hint =
                    nearest(&text, &names).map_or(String::new(), |n| format!("; did you mean \"{n}\"?"));
                let what = format!("`{key}` is one of {}, not \"{text}\"{hint}", names.join(", "));
                self.reader.wrong(value.span(), &what)
            })
        })
    }

    /// Every table of a list of tables.
    fn each<T>(
        &self,
        key: &'static str,
        read: fn(&Table<'_, '_>, Loc) -> Result<T, String>,
    ) -> Result<Vec<T>, String> {
        let Some((_, value)) = self.table.iter().find(|(k, _)| k.get_ref().as_ref() == key) else {
            return Ok(Vec::new());
        };
        let name = if key == "account" { "[[account]]" } else { "[[exception]]" };
        let wanted = || self.reader.type_error(key, value, &format!("tables, each under {name}"));
        let DeValue::Array(items) = value.get_ref() else { return Err(wanted()) };
        let one = |item: &Spanned<DeValue<'_>>| match item.get_ref() {
            DeValue::Table(table) => {
                read(&Table { reader: self.reader, name, table }, self.reader.loc(item.span()))
            }
            _ => Err(wanted()),
        };
        items.iter().map(one).collect()
    }
}
