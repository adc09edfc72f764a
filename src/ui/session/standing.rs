//! What stands in the estate's folder, for the Welcome page; a whole estate brings its recorded answers along.

use std::collections::BTreeSet;
use std::path::Path;

use super::interrupted::Interrupted;
use crate::answers;
use crate::apply::{Lock, journal};
use crate::estate::{Estate, Finding, ProductHome, detect};
use crate::profile::{component_name, is_site, known};
use crate::ui::words::standing as word;
use crate::wizard::{Answers, FieldKind, Origin, fields};

/// What stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether it can be gone on with.
    pub usable: bool,
    /// One line for people.
    pub text: String,
    /// What a change of it begins with.
    pub recorded: Option<Box<Answers>>,
    /// The change that was interrupted there.
    pub interrupted: Option<Box<Interrupted>>,
}

impl Standing {
    fn usable(text: &str) -> Self {
        Self { usable: true, text: text.to_owned(), recorded: None, interrupted: None }
    }

    fn unusable(text: String) -> Self {
        Self { usable: false, text, recorded: None, interrupted: None }
    }
}

/// Looks at a folder. Nothing is written.
pub fn look(dir: &str) -> Standing {
    let detected = match detect(Path::new(dir)) {
        Ok(detected) => detected,
        Err(error) => return Standing::unusable(word::unreadable(&error.to_string())),
    };
    if let Ok(Some(holder)) = Lock::living_holder(&detected.dir) {
        return Standing::unusable(word::held(&holder));
    }
    match journal::unfinished(&detected.dir) {
        Ok(None) => {}
        Ok(Some(change)) => {
            let interrupted = Box::new(Interrupted::new(change));
            return Standing { interrupted: Some(interrupted.clone()), ..Standing::unusable(interrupted.text) };
        }
        Err(error) => return Standing::unusable(error.to_string()),
    }
    match detected.finding {
        Finding::Empty if is_site() => Standing::usable(&(word::SITE.to_owned() + &found(&detected.dir))),
        Finding::Empty => Standing::usable(word::NOTHING),
        Finding::Half(what) | Finding::Foreign(what) => Standing::unusable(word::unusable(&what)),
        Finding::Whole(estate) => match answers::kept(&detected.dir) {
            Ok(kept) => Standing {
                recorded: Some(Box::new(kept)),
                ..Standing::usable(&(about(&estate) + &found(&detected.dir)))
            },
            Err(problems) => Standing::unusable(problems.to_string()),
        },
    }
}

/// Which products of a site show themselves here, and by what.
fn found(dir: &Path) -> String {
    if !is_site() {
        return String::new();
    }
    let found = known().iter().filter_map(|profile| {
        let product = ProductHome { profile, home: dir.join(&profile.product.home) };
        let kinds: BTreeSet<&str> = product.signs()?.iter().map(|sign| sign.kind).collect();
        Some((profile.product.name.as_str(), kinds.into_iter().collect::<Vec<_>>()))
    });
    word::found(&found.collect::<Vec<_>>())
}

fn about(estate: &Estate) -> String {
    let names: Vec<&str> = estate.components.iter().map(|id| component_name(id)).collect();
    let authority = &estate.authority;
    word::whole(&names, &authority.host, authority.https_port, authority.client_auth_port)
}

/// Takes the recorded answers over, where nobody gave another; those of a folder looked at before go. With them comes
/// the mode: an estate that is there is changed, unless somebody said otherwise.
pub fn adopt(answers: &mut Answers, standing: &Standing) {
    for (_, field) in fields().filter(|(_, field)| field.id != "estate.dir") {
        if answers.origin(field.id) == Origin::Record {
            let _ = answers.set(field.id, (field.default)(), Origin::Default);
        }
        // A site's profiles say it, not the record.
        if matches!(field.kind, FieldKind::Variable(_)) {
            continue;
        }
        // A new estate keeps no secret.
        if matches!(field.kind, FieldKind::SecretSource { .. }) && !answers.configures() {
            continue;
        }
        if let Some(answer) = standing.recorded.as_ref().and_then(|recorded| recorded.get(field.id)) {
            // A record that this version would not take as it is was refused when it was read.
            let _ = answers.offer(field.id, answer.value.clone(), Origin::Record);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_new_or_somebody_elses() {
        let folder = tempfile::tempdir().expect("a folder");
        let dir = folder.path().display().to_string();
        assert!(look(&dir).usable);
        std::fs::write(folder.path().join("letters.txt"), "").expect("written");
        let standing = look(&dir);
        assert!(!standing.usable && standing.text.contains("letters.txt"));
    }
}
