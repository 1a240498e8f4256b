//! Approved exceptions: who approved what, why, and until when.
//!
//! Answers: which findings does somebody answer for? An exception is a comment above a key or user, metadata of a
//! template's resource ([`inline`]), a table of the configuration
//! file, or a flag; each is a [`Draft`] until it is checked.
//! [`apply`] gives findings their standing, after judging and before reporting. Knows no front end: a comment belongs to
//! the line below it, metadata to what holds it.

mod apply;
mod inline;

use crate::date::Day;
use crate::judge::finding::ExceptionKind;
pub use crate::judge::finding::ExceptionOrigin as Origin;
use crate::pairs::Pair;
use crate::problem::{Problem, ProblemKind};
use crate::span::{Loc, Span};
pub use apply::{Run, apply};
pub use inline::read;

/// How many days a rotation may take.
pub const ROTATION_DAYS: i64 = 30;
/// So many days before its last one an exception is a warning.
pub const EXPIRING_DAYS: i64 = 30;
/// The fields of an exception.
pub const FIELDS: [&str; 4] = ["owner", "expires", "reason", "kind"];

/// A field as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its value.
    pub text: String,
    /// Where.
    pub at: Loc,
}

/// What an exception is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// What begins a line of the same file.
    Line {
        /// Its number, from 1.
        line: usize,
        /// How far the exception itself is indented, where that says whether it is a comment.
        indent: Option<usize>,
    },
    /// What is written here in the same file.
    Node(Span),
    /// A user in a path.
    User {
        /// Its name or address.
        user: String,
        /// A folder, file or pattern, relative to the configuration's folder.
        path: String,
    },
}

/// An exception as written, whole or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Who approved it.
    pub owner: Option<Field>,
    /// The last day on which it covers anything.
    pub expires: Option<Field>,
    /// Why.
    pub reason: Option<Field>,
    /// Its kind.
    pub kind: Option<Field>,
    /// How it is written.
    pub origin: Origin,
    /// Where.
    pub at: Loc,
    /// What it is about.
    pub target: Target,
}

/// What a whole exception says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Terms {
    owner: String,
    reason: String,
    expires: Day,
    kind: ExceptionKind,
}

impl Draft {
    /// One that is written at `at` in these terms.
    pub fn new(terms: &[Pair], origin: Origin, at: Loc, target: Target) -> Draft {
        let take = |name: &str| {
            let found = terms.iter().find(|pair| pair.name == name)?;
            let span = Span::new(found.at.start, found.at.end);
            Some(Field { text: found.text.clone(), at: Loc::new(at.file, span) })
        };
        let [owner, expires, reason, kind] = FIELDS.map(take);
        Draft { owner, expires, reason, kind, origin, at, target }
    }

    /// Its content on one line.
    pub fn summary(&self) -> String {
        let field = |name: &str, field: &Option<Field>| {
            field.as_ref().map(|f| format!("{name} = \"{}\"", f.text.replace('"', "\\\"")))
        };
        let about = match &self.target {
            Target::User { user, path } => vec![format!("user = \"{user}\""), format!("path = \"{path}\"")],
            Target::Line { .. } | Target::Node(_) => Vec::new(),
        };
        let fields = [
            field("owner", &self.owner),
            field("expires", &self.expires),
            field("reason", &self.reason),
            field("kind", &self.kind),
        ];
        let all: Vec<String> = about.into_iter().chain(fields.into_iter().flatten()).collect();
        format!("{{ {} }}", all.join(", "))
    }

    /// Its terms, if it has all of them and its last day is near enough; else what is wrong and where.
    fn check(&self, today: Day, max_days: i64) -> Result<Terms, Problem> {
        let wrong = |at: Loc, what: String| Problem::new(ProblemKind::InvalidException, at, what);
        let text = |field: &Option<Field>, name: &str, what: &str| match field {
            Some(field) if !field.text.trim().is_empty() => Ok(field.text.trim().to_owned()),
            Some(field) => Err(wrong(field.at, format!("this exception's {name} is empty: say {what}"))),
            None => Err(wrong(self.at, format!("this exception has no {name}: say {what} ({name}=…)"))),
        };
        let owner = text(&self.owner, "owner", "who approved it")?;
        let expires_text = text(&self.expires, "expires", "its last day, as YYYY-MM-DD")?;
        let reason = text(&self.reason, "reason", "why it is approved")?;
        let at = |field: &Option<Field>| field.as_ref().map_or(self.at, |field| field.at);
        let kind = match self.kind.as_ref().map(|field| field.text.as_str()) {
            None | Some("standing") => ExceptionKind::Standing,
            Some("rotation") => ExceptionKind::Rotation,
            Some(other) => {
                let what = format!("an exception's kind is standing or rotation, not {other:?}");
                return Err(wrong(at(&self.kind), what));
            }
        };
        let Some(expires) = Day::parse(&expires_text) else {
            let what =
                format!("{expires_text:?} is no day of the calendar: write the last day as YYYY-MM-DD");
            return Err(wrong(at(&self.expires), what));
        };
        let (most, limit) = match kind {
            ExceptionKind::Standing => (max_days, "max-exception-days"),
            ExceptionKind::Rotation => (ROTATION_DAYS.min(max_days), "a rotation's limit"),
        };
        let left = today.until(expires);
        if left > most {
            let what =
                format!("this exception would last {left} more days, and {most} is the most ({limit})");
            return Err(wrong(at(&self.expires), what));
        }
        Ok(Terms { owner, reason, expires, kind })
    }
}
