//! The history of an estate for people.

use super::wrap::plain;
use crate::apply::history::Entry;

/// One line a run: when, what, how it ended, and what is known beside that.
pub fn text(entries: &[Entry]) -> String {
    if entries.is_empty() {
        return "No run is recorded here yet.\n".to_owned();
    }
    entries.iter().map(line).collect()
}

fn line(entry: &Entry) -> String {
    let Entry { time, verb, result, .. } = entry;
    let line = format!("{time}  {verb:<9}  {result:<13}  {}", about(entry));
    format!("{}\n", plain(line).trim_end())
}

/// A component, what was found of how many, or the journal that tells more.
fn about(entry: &Entry) -> String {
    if let (Some(checked), Some(expected)) = (entry.checked, entry.expected) {
        let level = entry.level.as_ref().map_or(String::new(), |level| format!(" at {level}"));
        return format!("{checked} of {expected}{level}");
    }
    entry.component.clone().or_else(|| entry.journal.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_run_is_one_line() {
        let at = |entry: Entry| Entry { time: "2026-11-21T23:11:28Z".into(), ..entry };
        let journal = Some("20261121-231127-012345-install".to_owned());
        let entries = [
            at(Entry { journal, ..Entry::new("install", "done") }),
            at(Entry::new("check", "differs").counting(4, 4)),
            at(Entry { level: Some("file".into()), ..Entry::new("check", "can't tell").counting(1, 2) }),
            at(Entry { component: Some("integrator".into()), ..Entry::new("register", "Registered") }),
            at(Entry::new("stop", "done")),
        ];
        let expected = "\
2026-11-21T23:11:28Z  install    done           20261121-231127-012345-install
2026-11-21T23:11:28Z  check      differs        4 of 4
2026-11-21T23:11:28Z  check      can't tell     1 of 2 at file
2026-11-21T23:11:28Z  register   Registered     integrator
2026-11-21T23:11:28Z  stop       done
";
        assert_eq!(text(&entries), expected);
        assert_eq!(text(&[]), "No run is recorded here yet.\n");
    }
}
