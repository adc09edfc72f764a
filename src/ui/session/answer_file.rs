//! The answers as a file, written before anything is done: the same again, on this host or another.

use std::io;
use std::path::{Path, PathBuf};

use crate::answers::record;
use crate::fs::{PRIVATE_FILE, create, replace};
use crate::secret::Source;
use crate::ui::words::{answer_file as word, command_for};
use crate::wizard::{Answers, FieldKind, Origin, Value, fields};

/// Why no file was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotSaved {
    /// A file is there already: whoever wants to replace it says so.
    IsThere,
    /// Anything else; one line for people.
    Failed(String),
}

/// Writes the answers into a file that only its owner can read; the path of the file, absolute.
///
/// # Errors
/// The file is there already and `over` is not set, it would lie in the estate's folder, or it cannot be written.
pub fn save(answers: &Answers, file: &str, over: bool) -> Result<PathBuf, NotSaved> {
    let failed = |why: String| NotSaved::Failed(why);
    if file.trim().is_empty() {
        return Err(failed(word::NO_NAME.to_owned()));
    }
    let path = std::path::absolute(file).map_err(|error| failed(error.to_string()))?;
    let dir = std::path::absolute(answers.text("estate.dir")).unwrap_or_default();
    if path.starts_with(&dir) {
        return Err(failed(word::in_the_estate(&dir)));
    }
    let text = text(answers, &dir);
    let written =
        if over { replace(&path, text.as_bytes(), PRIVATE_FILE) } else { create(&path, text.as_bytes(), PRIVATE_FILE) };
    match written {
        Ok(()) => Ok(path),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && !over => Err(NotSaved::IsThere),
        Err(error) => Err(failed(word::cannot_write(&path, &error))),
    }
}

/// What the file says: every answer that is asked for, and the estate's folder wholly.
fn text(answers: &Answers, dir: &Path) -> String {
    let mut whole = answers.clone();
    // An absolute folder is one as good as a relative one.
    let _ = whole.set("estate.dir", Value::Text(dir.display().to_string()), Origin::Record);
    record(&whole)
}

/// How the file is used, and what must be seen to before; one sentence each.
pub fn about(answers: &Answers, file: &Path) -> Vec<String> {
    let is_typed = |source: Source| source == Source::Prompt;
    let sources = || {
        fields()
            .filter(|(page, field)| (page.visible_if)(answers) && (field.visible_if)(answers))
            .filter(|(_, field)| matches!(field.kind, FieldKind::SecretSource { .. }))
            .map(|(_, field)| answers.source(field.id))
    };
    let typed = sources().any(is_typed).then(|| word::TYPED.to_owned());
    let makes_one = answers.configures() && answers.source("secret.from") == Source::Generate;
    let generated = makes_one.then(|| word::GENERATED.to_owned());
    let command = command_for(answers.text("mode"), file);
    [Some(word::saved(file)), Some(command), typed, generated].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::answers::read_file;

    #[test]
    fn the_file_gives_the_same_answers_is_closed_to_others_and_replaced_only_when_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut answers = Answers::default();
        answers
            .set("estate.dir", Value::Text(folder.path().join("estate").display().to_string()), Origin::Typed)
            .expect("a folder");
        answers.set("authority.host", "alpha".into(), Origin::Typed).expect("a host");
        answers.set("secret.from", "prompt".into(), Origin::Typed).expect("a source");
        let file = folder.path().join("answers.toml");
        let name = file.to_str().expect("UTF-8");
        let saved = save(&answers, name, false).expect("saved");
        let again = read_file(&saved).unwrap_or_else(|problems| panic!("{problems}"));
        for (_, field) in fields() {
            assert_eq!(again.value(field.id), answers.value(field.id), "{}", field.id);
        }
        assert_eq!(std::fs::metadata(&saved).expect("there").permissions().mode() & 0o777, 0o600);
        std::fs::write(&saved, "mine").expect("written");
        assert_eq!(save(&answers, name, false), Err(NotSaved::IsThere));
        assert_eq!(std::fs::read_to_string(&saved).expect("read"), "mine");
        assert_eq!(save(&answers, name, true), Ok(saved.clone()));
        assert!(about(&answers, &saved).iter().any(|line| line == word::TYPED));
        for wrong in [" ", folder.path().join("estate/a.toml").to_str().expect("UTF-8"), "/nowhere/at/all.toml"] {
            assert!(matches!(save(&answers, wrong, false), Err(NotSaved::Failed(_))), "{wrong}");
        }
        assert!(!folder.path().join("estate").exists());
    }
}
