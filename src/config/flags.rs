//! What `--account` and `--exception` say: the tables of the configuration, on the command line.
//!
//! Answers: which accounts and which exceptions were typed? Each is written in the terms of its table,
//! `units=live/prod/*,live/shared production=true`; patterns are relative to the working directory. As every flag they take
//! the place of what the files say. Their text is a file of its own (`source::COMMAND_LINE`), a line each, so that
//! what is wrong with an exception is told with its place, as anywhere.

use std::path::Path;

use super::AccountGroup;
use super::read::{ACCOUNT, EXCEPTION, is_account_id};
use crate::cli::Options;
use crate::exception::{Draft, Origin, Target};
use crate::globs;
use crate::pairs::{self, Pairs};
use crate::source::{COMMAND_LINE, Files};
use crate::span::{Loc, Span};

/// What was typed; where it is empty, the files have the word.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) accounts: Vec<AccountGroup>,
    pub(super) exceptions: Vec<Draft>,
}

/// A flag with its text, and where both stand.
struct Flag<'t> {
    said: String,
    text: &'t str,
    base: usize,
    at: Loc,
}

impl Typed {
    /// What the flags of a request say; `Err` says what is wrong with one, and what to do.
    pub(super) fn read(options: &Options, files: &Files) -> Result<Typed, String> {
        let (accounts, exceptions) =
            (flags("--account", &options.accounts), flags("--exception", &options.exceptions));
        let lines: Vec<(&str, String)> = accounts.chain(exceptions).collect();
        let mut typed = Typed::default();
        if lines.is_empty() {
            return Ok(typed);
        }
        let text: String = lines.iter().map(|(flag, text)| format!("{flag} {text}\n")).collect();
        let file = files.insert(Path::new(COMMAND_LINE), text.into_bytes()).map_err(|e| e.to_string())?;
        let mut start = 0;
        for (flag, text) in &lines {
            let (said, base) = (format!("{flag} {text}"), start + flag.len() + 1);
            let at = Loc::new(file, Span::new(start, start + said.len()));
            start += said.len() + 1;
            let typed_flag = Flag { said, text, base, at };
            match *flag {
                "--account" => typed.accounts.push(typed_flag.account()?),
                _ => typed.exceptions.push(typed_flag.exception()?),
            }
        }
        Ok(typed)
    }
}

/// Each on one line.
fn flags<'t>(
    flag: &'static str,
    texts: &'t [String],
) -> impl Iterator<Item = (&'static str, String)> + use<'t> {
    texts.iter().map(move |text| (flag, text.replace(['\n', '\r'], " ")))
}

impl Flag<'_> {
    fn wrong(&self, what: &str) -> String {
        format!("{}: {what}", self.said)
    }

    fn terms(&self, of: &str, names: &[&str]) -> Result<Pairs, String> {
        pairs::read(self.text, self.base, of, names).map_err(|(_, what)| self.wrong(&what))
    }

    fn account(&self) -> Result<AccountGroup, String> {
        let terms = self.terms("account", &ACCOUNT)?;
        let term = |name: &str| terms.iter().find(|pair| pair.name == name).map(|pair| pair.text.as_str());
        let units: Vec<String> = term("units").map(list).unwrap_or_default();
        if units.is_empty() {
            return Err(self.wrong("it has no units: say which folders and templates share it (units=…,…)"));
        }
        for unit in &units {
            globs::check(unit).map_err(|reason| self.wrong(&format!("units {unit:?}: {reason}")))?;
        }
        let production = match term("production") {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => return Err(self.wrong("production is true or false")),
        };
        let id = term("id").map(str::to_owned);
        if id.as_ref().is_some_and(|id| !is_account_id(id)) {
            return Err(self.wrong("an account id is 12 digits"));
        }
        Ok(AccountGroup { units, id, production, at: self.at, said: self.said.clone() })
    }

    fn exception(&self) -> Result<Draft, String> {
        let terms = self.terms("exception", &EXCEPTION)?;
        let term = |name: &str| terms.iter().find(|pair| pair.name == name).map(|pair| pair.text.clone());
        let path = term("path").unwrap_or_else(|| ".".into());
        globs::check(&path).map_err(|reason| self.wrong(&format!("path {path:?}: {reason}")))?;
        let Some(user) = term("user").filter(|user| !user.is_empty()) else {
            return Err(self.wrong("it has no user: say the user's name or address (user=…)"));
        };
        Ok(Draft::new(&terms, Origin::Flag, self.at, Target::User { user, path }))
    }
}

/// The patterns between commas; those in braces are a pattern's own.
fn list(text: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let parts = text.split(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    });
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
