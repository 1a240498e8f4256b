//! Steps on the way to a key: what multiplies a block, on which condition, and which element made an instance.
//!
//! ```terraform
//! count    = var.rotate ? 1 : 0                              # switched by `var.rotate`
//! for_each = { for k, u in var.users : k => u if u.active }  # of the instance "ci": its element, and its `active`
//! ```

use std::rc::Rc;

use super::Terraform;
use super::origins::{FOLLOWED, is_name, is_short, unquoted};
use super::scope::{Instance, ModuleInstance, Scope};
use super::switches::{is_none, is_written_as_none};
use crate::key::{By, Step, Written};
use crate::parse::syntax::Attribute;
use crate::resolve::terraform::config::module::{Decl, In};

impl Terraform<'_> {
    /// The step that a block is on the way to a key, without what is an instance's own.
    pub fn step(&self, node: &Rc<ModuleInstance>, decl: &Decl, name: String) -> Step {
        let find = |name: &str| decl.args.get(name).map(|arg| (name == "count", arg));
        let argument = find("count").or_else(|| find("for_each"));
        let scope = |arg: &In<Attribute>| Scope::module(node, arg.file);
        let value = argument.and_then(|(count, arg)| {
            let argument = if count { "count" } else { "for_each" };
            self.origin(&scope(arg), &arg.what.expr, (argument, Some(name.clone())))
        });
        let switch = argument.and_then(|(_, arg)| self.switch(&scope(arg), &arg.what.expr, &is_none));
        let condition =
            argument.and_then(|(_, arg)| self.holds_when(&scope(arg), &arg.what.expr, &is_written_as_none));
        let (condition, decided_by) = condition.unzip();
        let (by, index) = match argument {
            Some((true, _)) => (By::Number, Some("count.index")),
            Some((false, _)) => (By::Elements, Some("each.key")),
            None => (By::Nothing, None),
        };
        Step {
            by,
            index,
            multiplier: argument.map(|(_, arg)| arg.loc(arg.what.span)),
            value: value.map(Rc::new),
            condition,
            decided_by: decided_by.flatten().map(Rc::new),
            switch: switch.map(Rc::new),
            ..Step::new(name, decl.header())
        }
    }

    /// What an element is called: as it is written where that is short, else by the instance that it makes.
    ///
    /// What a function read is not shown, but for what stands in the instance's own key.
    fn called(&self, element: &Written, instance: &str) -> String {
        let key = instance.trim_matches(['[', ']']);
        let source = self.files.source(element.at.file);
        let named = |name: &str| format!("{name:?}");
        // One that stands for a whole file: nothing that the file says names it.
        if element.at == self.top(element.at.file) {
            match element.decoded {
                _ if source.path.ends_with(unquoted(key)) => return format!("the file {key}"),
                false => return format!("the file {:?}", source.path),
                true => {}
            }
        }
        let own = source.text.get(element.at.span.range()).unwrap_or_default();
        let own = own.strip_prefix("- ").unwrap_or(own).trim();
        match () {
            () if named(&element.name) == key => key.into(),
            () if key.starts_with('"') && stands_in(own, unquoted(key)) => key.into(),
            () if self.is_hidden(element.at) => format!("element {key}"),
            () if !element.decoded && !element.name.is_empty() => named(&element.name),
            () if !element.decoded && is_short(own) => own.into(),
            () if is_name(unquoted(own)) && key.contains(unquoted(own)) => named(unquoted(own)),
            () if key.starts_with('"') => format!("the element for {key}"),
            () => format!("element {key}"),
        }
    }

    /// The step of one instance.
    pub fn step_of(
        &self,
        node: &Rc<ModuleInstance>,
        decl: &Decl,
        step: &Step,
        instance: &Instance,
    ) -> Rc<Step> {
        let element = instance.at.and_then(|at| self.origin_at(at, ("", None)));
        let key = instance.key.show();
        let element = element.map(|e| Rc::new(Written { text: self.called(&e, &key), ..e }));
        let filter =
            decl.args.get("for_each").zip(instance.at).and_then(|(arg, at)| {
                self.filter(&Scope::module(node, arg.file), &arg.what.expr, at, FOLLOWED)
            });
        let switch = filter.map(Rc::new).or_else(|| step.switch.clone());
        Rc::new(Step { instance: key, element, switch, ..step.clone() })
    }
}

/// Whether a text has this word, not as a part of another one.
fn stands_in(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let alone = |(at, _): (usize, &str)| {
        let (before, after) =
            (text.get(..at).unwrap_or_default(), text.get(at + word.len()..).unwrap_or_default());
        !before.ends_with(part) && !after.starts_with(part)
    };
    !word.is_empty() && text.match_indices(word).any(alone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_ends_where_no_name_goes_on() {
        assert!(is_name("a_b-1") && !is_name("a b") && !is_name(""));
        for (text, has) in
            [("a", true), ("x a,", true), ("a_b", false), ("b-a", false), ("ab", false), ("", false)]
        {
            assert_eq!(stands_in(text, "a"), has, "{text}");
        }
        assert!(!stands_in("", ""));
    }
}
