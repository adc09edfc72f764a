//! Patterns are regular expressions that say something.

use regex::Regex;

use super::Spot;
use crate::profile::braces::{is_pattern, replace};
use crate::tree::Collector;

pub(super) fn check(root: &Spot<'_>, problems: &mut Collector) {
    for (spot, name) in root.texts() {
        if is_pattern(name)
            && let Some(rule) = spot.node.text().and_then(refuse)
        {
            spot.note(problems, rule);
        }
    }
    for table in root.list("registration.watch").chain(root.list("probe")) {
        let aligned: Vec<&str> = table.list("aligned").filter_map(|pattern| pattern.text()).collect();
        for pattern in table.list("differs") {
            if pattern.text().is_some_and(|text| aligned.contains(&text)) {
                pattern.note(problems, "says \"aligned\" as well: one pattern cannot say both");
            }
        }
    }
}

/// Why a pattern cannot be used. What is not known yet stands for some letter.
pub(super) fn refuse(text: &str) -> Option<String> {
    match Regex::new(&replace(text, |_| Some("x".into()))) {
        Ok(pattern) if pattern.is_match("") => Some("fits every line, also an empty one".into()),
        Ok(_) => None,
        Err(regex::Error::CompiledTooBig(_)) => Some("is too big a pattern".into()),
        Err(error) => {
            // The last line says why; those before repeat the pattern.
            let told = error.to_string();
            let why = told.lines().last().unwrap_or_default().trim().trim_start_matches("error: ").to_owned();
            Some(format!("is not a pattern (regular expression): {why}"))
        }
    }
}
