//! What standard output leads to, and how to write for it.
//!
//! Source: no-color.org; bixense.com/clicolors.

use super::Color;
use crate::report::Style;

/// What is known of the place that standard output leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terminal {
    /// Whether it is a terminal.
    pub is_terminal: bool,
    /// Its width in columns, if it is known.
    pub width: Option<usize>,
    /// `NO_COLOR` of the environment.
    pub no_color: Option<String>,
    /// `FORCE_COLOR` of the environment.
    pub force_color: Option<String>,
    /// `CLICOLOR` of the environment.
    pub clicolor: Option<String>,
    /// `CLICOLOR_FORCE` of the environment.
    pub clicolor_force: Option<String>,
    /// `TERM` of the environment.
    pub term: Option<String>,
    /// The first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set and not empty.
    pub locale: Option<String>,
}

impl Terminal {
    /// What standard output leads to, with the environment's wishes: `variable` looks one up.
    pub fn new(is_terminal: bool, width: Option<usize>, variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &&str| variable(name).is_some_and(|value| !value.is_empty());
        Terminal {
            is_terminal,
            width,
            no_color: variable("NO_COLOR"),
            force_color: variable("FORCE_COLOR"),
            clicolor: variable("CLICOLOR"),
            clicolor_force: variable("CLICOLOR_FORCE"),
            term: variable("TERM"),
            locale: ["LC_ALL", "LC_CTYPE", "LANG"]
                .iter()
                .find(|name| set(name))
                .and_then(|name| variable(name)),
        }
    }

    /// How to write for it. A pipe gets 100 columns and Unicode whatever the environment says, so that output that
    /// is kept or compared does not depend on the machine.
    pub fn style(&self, color: Color) -> Style {
        let set = |value: &Option<String>| value.as_deref().is_some_and(|v| !v.is_empty());
        let off = |value: &Option<String>| matches!(value.as_deref(), Some("0" | "false"));
        let on = |value: &Option<String>| set(value) && !off(value);
        let dumb = self.term.as_deref() == Some("dumb");
        let color = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if set(&self.no_color) => false,
            Color::Auto if on(&self.force_color) || on(&self.clicolor_force) => true,
            Color::Auto if off(&self.force_color) || off(&self.clicolor) => false,
            Color::Auto => self.is_terminal && !dumb,
        };
        if !self.is_terminal {
            return Style { color, ..Style::default() };
        }
        let utf8 = |locale: &String| {
            let name = locale.to_ascii_lowercase();
            name.contains("utf-8") || name.contains("utf8")
        };
        let unicode = !dumb && self.locale.as_ref().is_none_or(utf8);
        Style { color, width: self.width.unwrap_or(100).min(140), unicode }
    }
}
