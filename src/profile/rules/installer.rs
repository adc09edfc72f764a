//! The vendor's installer: it can configure, it is told its silent file, each of its variables has one meaning.

use super::Spot;
use crate::forms::Form;
use crate::profile::words::SILENT;
use crate::tree::Collector;

pub(super) fn check(root: &Spot<'_>, problems: &mut Collector) {
    let Some(installer) = root.get("installer") else { return };
    if !installer.has("configure") {
        let rule = "is missing: without its command in Configure mode the installer cannot change the secret";
        installer.note_below(problems, "configure", rule);
    }
    let silent = format!("{{{SILENT}}}");
    for key in ["install", "configure"] {
        let told = installer.list(key).any(|argument| argument.text().is_some_and(|text| text.contains(&silent)));
        if let Some(command) = installer.get(key).filter(|_| installer.has(key) && !told) {
            command.note(problems, format!("must name {silent}: that is how the installer is told its silent file"));
        }
    }
    variables(&installer, problems);
}

/// Each variable of the silent file is given one value.
fn variables(installer: &Spot<'_>, problems: &mut Collector) {
    let mut seen: Vec<&str> = Vec::new();
    for (list, key) in [("secret", "variable"), ("secret", "twin"), ("select", "variable"), ("set", "variable")] {
        for table in installer.list(list) {
            let Some(spot) = table.get(key) else { continue };
            let Some(name) = spot.text() else { continue };
            if key == "twin" && table.text_of("variable") == Some(name) {
                spot.note(problems, "is the variable itself: a twin is the one that confirms it");
            } else if seen.contains(&name) {
                spot.note(problems, "is given a value already: each variable is named once");
            }
            seen.push(name);
        }
    }
}

/// What a site must say before its installer can be run.
pub(super) fn check_site(root: &Spot<'_>, problems: &mut Collector) {
    let Some(installer) = root.get("installer") else { return };
    for place in root.list("place").filter(|place| place.text_of("form") == Some(Form::Opaque.name())) {
        let Some(component) = place.text_of("component") else { continue };
        if !installer.list("secret").any(|secret| secret.text_of("component") == Some(component)) {
            let rule = format!(
                "is missing for {component}: name the variable of the silent file that holds the secret; \
                 `countersign profile adopt` finds it"
            );
            problems.note(installer.at(), "secret", rule);
        }
    }
}
