//! What was probably meant by a word that is none of those there are.

/// The word that was probably meant.
pub fn nearest<'n>(typed: &str, names: &[&'n str]) -> Option<&'n str> {
    let near = |name: &&str| strsim::damerau_levenshtein(&typed.to_lowercase().replace('_', "-"), name);
    let best = names.iter().copied().min_by_key(near)?;
    (near(&best) <= best.len().max(typed.len()).div_ceil(3)).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_leads_to_the_word_and_anything_to_nothing() {
        let names = ["fail-on", "show", "show-all", "exclude"];
        for (typed, meant) in [
            ("fail_on", Some("fail-on")),
            ("failon", Some("fail-on")),
            ("exlcude", Some("exclude")),
            ("SHOW", Some("show")),
            ("severity", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, &names), meant, "{typed}");
        }
    }
}
