//! An installed estate's recorded answers, as the beginning of a change and as its end.

use std::path::Path;

use super::{Problems, read_file, record};
use crate::estate::record::ANSWERS;
use crate::profile::is_site;
use crate::secret::Source;
use crate::wizard::{Answers, CONFIGURE, FieldKind, Origin, PREVIOUS_FIELD, Value, fields};

/// What a change of the estate in this folder begins with: every recorded value, and its secret kept. A value that
/// somebody names replaces one of these.
///
/// # Errors
/// The record cannot be used.
pub fn kept(dir: &Path) -> Result<Answers, Problems> {
    let recorded = read_file(&dir.join(ANSWERS))?;
    let mut answers = Answers::default();
    for (_, field) in fields() {
        let value = match (field.id, field.kind) {
            ("mode", _) => CONFIGURE.into(),
            // What was in use before the last change says nothing about now.
            (PREVIOUS_FIELD, _) => continue,
            // Where a secret was once read from says nothing about now.
            (_, FieldKind::SecretSource { keep: true, .. }) => Source::Keep.to_string().as_str().into(),
            (_, FieldKind::SecretSource { same: true, .. }) => Source::Same.to_string().as_str().into(),
            // The folder may have been moved since.
            ("estate.dir", _) => Value::Text(dir.display().to_string()),
            // What a variable stands for is said by the profile, and somebody may have changed it there since.
            ("ask", _) | (_, FieldKind::Variable(_)) => continue,
            _ => recorded.value(field.id).clone(),
        };
        // The record was read by the same rules.
        let _ = answers.set(field.id, value, Origin::Record);
    }
    Ok(answers)
}

/// The record of the estate in this folder after a change to these answers. It makes the same estate anew, which is
/// installing it, but for a site's own: what is kept is recorded as it was.
pub fn record_of(dir: &Path, recorded: &Answers, answers: &Answers) -> String {
    let mut merged = answers.clone();
    for (_, field) in fields() {
        let value = match (field.id, field.kind) {
            ("mode", _) if is_site() => continue,
            ("mode", _) => "install".into(),
            ("estate.dir", _) => Value::Text(dir.display().to_string()),
            (PREVIOUS_FIELD, _) => Source::Prompt.to_string().as_str().into(),
            (_, FieldKind::SecretSource { .. }) if gives_nothing(answers, field.id) => recorded.value(field.id).clone(),
            _ => continue,
        };
        let _ = merged.set(field.id, value, Origin::Record);
    }
    record(&merged)
}

/// Whether a source says no more than before.
fn gives_nothing(answers: &Answers, id: &str) -> bool {
    !answers.is_named(id)
        || match answers.source(id) {
            Source::Keep => true,
            Source::Generate => answers.origin(id) != Origin::Typed,
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answers::{differences, read_toml_over};

    fn recorded() -> (tempfile::TempDir, Answers) {
        let dir = tempfile::tempdir().expect("a folder");
        let mut answers = Answers::default();
        for (id, value) in [("secret.from", "env:SHARED"), ("integrator.secret", "env:OTHER"), ("authority.host", "pp")]
        {
            answers.set(id, value.into(), Origin::Flag).expect("a value");
        }
        std::fs::write(dir.path().join(ANSWERS), record(&answers)).expect("written");
        (dir, answers)
    }

    #[test]
    fn a_tiny_file_changes_what_it_names_and_keeps_the_rest() {
        let (dir, recorded) = recorded();
        let text = "format = 1\nmode = \"configure\"\n[authority]\nclient_auth_port = 7666\n";
        let answers = read_toml_over("a", text, |_| kept(dir.path())).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!((answers.text("authority.host"), answers.source("secret.from")), ("pp", Source::Keep));
        assert!(answers.configures() && answers.is_named("authority.client_auth_port"));
        assert!(!answers.is_named("authority.host"));
        assert_eq!(differences(&recorded, &answers), ["authority.client_auth_port"]);
        let record = record_of(dir.path(), &recorded, &answers);
        assert!(record.contains("mode = \"install\"") && record.contains("client_auth_port = 7666"), "{record}");
        assert!(record.contains("from = \"env:SHARED\"") && record.contains("secret = \"env:OTHER\""), "{record}");
    }

    #[test]
    fn a_repository_that_is_there_is_named_by_its_name() {
        let dir = tempfile::tempdir().expect("a folder");
        let text = "format = 1\ncomponents = [\"passport\", \"api-gateway\"]\n[repositories.a]\n[repositories.b]\n";
        std::fs::write(dir.path().join(ANSWERS), text).expect("written");
        let text = "format = 1\nmode = \"configure\"\n[repositories.b]\nhost = \"x\"\n[repositories.c]\n";
        let answers = read_toml_over("a", text, |_| kept(dir.path())).unwrap_or_else(|problems| panic!("{problems}"));
        let told: Vec<String> = crate::wizard::repositories::slots(&answers)
            .map(|slot| format!("{} {}", slot.text(&answers, "name"), slot.text(&answers, "host")))
            .collect();
        assert_eq!(told, ["a ", "b x", "c "]);
        std::fs::write(dir.path().join(ANSWERS), "format = 1\n").expect("written");
        let text =
            "format = 1\nmode = \"configure\"\ncomponents = [\"passport\", \"api-gateway\"]\n[repositories.one]\n";
        let answers = read_toml_over("a", text, |_| kept(dir.path())).unwrap_or_else(|problems| panic!("{problems}"));
        let names: Vec<&str> =
            crate::wizard::repositories::slots(&answers).map(|slot| slot.text(&answers, "name")).collect();
        assert_eq!(names, ["one"], "a gateway that comes has no repository yet");
    }

    #[test]
    fn rules_are_judged_with_what_is_kept() {
        let (dir, _) = recorded();
        let text = "format = 1\n[authority]\nhttps_port = 6666\n";
        let problems = read_toml_over("a", text, |_| kept(dir.path())).expect_err("both ports alike");
        assert!(problems.to_string().contains("must differ"), "{problems}");
    }

    #[test]
    fn a_source_that_is_given_is_recorded() {
        let (dir, recorded) = recorded();
        let mut answers = kept(dir.path()).unwrap_or_else(|problems| panic!("{problems}"));
        answers.set("secret.from", "file:/srv/secret".into(), Origin::Flag).expect("a source");
        assert!(record_of(dir.path(), &recorded, &answers).contains("from = \"file:/srv/secret\""));
        answers.set("secret.from", "generate".into(), Origin::Answers).expect("a source");
        assert!(record_of(dir.path(), &recorded, &answers).contains("from = \"env:SHARED\""));
    }
}
