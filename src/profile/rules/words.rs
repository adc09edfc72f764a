//! Words in braces stand for something, and every variable is used.

use super::{Spot, Stage};
use crate::profile::braces::words;
use crate::profile::words::{AT_RUN, CONF, REPOSITORY, SECRET, SILENT};
use crate::tree::{Collector, suggest};

pub(super) fn check(root: &Spot<'_>, stage: Stage, problems: &mut Collector) {
    let variables: Vec<Spot<'_>> = root.list("variable").filter_map(|variable| variable.get("id")).collect();
    let declared: Vec<&str> = variables.iter().filter_map(Spot::text).collect();
    let mut used = Vec::new();
    for (spot, name) in root.texts() {
        // An alphabet's braces stand for themselves, and the variables' own texts are for people.
        if name == "alphabet" || spot.table() == "variable" {
            continue;
        }
        for (_, word) in spot.text().map(words).unwrap_or_default() {
            used.push(word);
            if let Some(rule) = refuse(&spot.key, word, &declared) {
                spot.note(problems, rule);
            }
        }
    }
    // Filled in, none is left to be seen.
    if stage == Stage::Written {
        for variable in variables.iter().filter(|variable| variable.text().is_some_and(|id| !used.contains(&id))) {
            variable.note(problems, "is used nowhere: write it in braces where it belongs, or take it out");
        }
    }
}

fn refuse(key: &str, word: &str, declared: &[&str]) -> Option<String> {
    let in_installer = ["install", "configure", "uninstall"];
    let is_home = key == "product.home";
    match word {
        SECRET => Some("must not hold {secret}: secrets reach commands by standard input only".into()),
        _ if declared.contains(&word) => None,
        SILENT if in_installer.iter().any(|name| key.starts_with(&format!("installer.{name}["))) => None,
        SILENT => Some("cannot hold {silent}, which only the installer's commands are told".into()),
        CONF if ["connection.file", "repositories.file"].contains(&key) => None,
        CONF => Some("cannot hold {conf}, which only connection.file and repositories.file are told".into()),
        REPOSITORY if key.starts_with("registration.command[") => None,
        REPOSITORY => Some("cannot hold {repository}, which only registration.command is told".into()),
        _ if AT_RUN.contains(&word) && is_home => {
            Some(format!("cannot hold {{{word}}}: the home is known before anything else"))
        }
        _ if AT_RUN.contains(&word) => None,
        _ => Some(match suggest::nearest(word, declared.iter().copied().chain(AT_RUN)) {
            Some(near) => format!("holds {{{word}}}, which is no variable; did you mean {{{near}}}?"),
            None => format!("holds {{{word}}}, which is no variable: add a [[variable]] with id = \"{word}\""),
        }),
    }
}
