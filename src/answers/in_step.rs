//! An installed estate's recorded answers, kept in step with repositories that are changed one by one.

use std::path::Path;

use toml_edit::value;
use zeroize::Zeroizing;

use super::{about_table, read_file, read_toml};
use crate::estate::record::ANSWERS;
use crate::fs::{PRIVATE_FILE, replace};
use crate::registration::repository::Repository;
use crate::registration::repository_edit::{described, renamed, with_table, without};
use crate::secret::Source;
use crate::wizard::Answers;
use crate::wizard::repositories::{COMPONENT, SLOTS, slots};

/// What became of a repository.
pub enum RepositoryChange<'a> {
    /// It came, under this name.
    Added(&'a str, &'a Repository),
    /// It has the second name in place of the first.
    Renamed(&'a str, &'a str),
    /// It went.
    Removed(&'a str),
}

/// Writes a change into the recorded answers of the estate in this folder. One of a repository that they do not hold, or
/// cannot (its authority is another one than the estate's, or they hold as many as there may be), leaves them alone. Comments
/// and order stay. The caller holds the estate's lock.
///
/// # Errors
/// The answers cannot be read or written, or would not be read again with the change; one line that names the file.
pub fn keep_in_step(dir: &Path, change: &RepositoryChange<'_>) -> Result<(), String> {
    let path = dir.join(ANSWERS);
    let shown = path.display().to_string();
    let one_line = |problems: super::Problems| problems.to_string().replace('\n', "; ");
    let answers = read_file(&path).map_err(one_line)?;
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{shown} cannot be read: {error}"))?;
    let Some(after) = changed(&text, &answers, change).map_err(|why| format!("{shown} {why}"))? else { return Ok(()) };
    read_toml(&shown, &after).map_err(one_line)?;
    replace(&path, after.as_bytes(), PRIVATE_FILE).map_err(|error| format!("{shown} cannot be written: {error}"))
}

/// The text after a change; nothing where it is not told in it.
fn changed(text: &str, answers: &Answers, change: &RepositoryChange<'_>) -> Result<Option<Zeroizing<String>>, String> {
    let recorded: Vec<&str> = slots(answers).map(|slot| slot.text(answers, "name")).collect();
    match *change {
        RepositoryChange::Added(_, repository)
            if repository.elsewhere || !answers.has_component(COMPONENT) || recorded.len() >= SLOTS =>
        {
            Ok(None)
        }
        RepositoryChange::Added(name, repository) => {
            let mut table = described(repository)?;
            if repository.csd != answers.text("authority.csd") {
                table.insert("csd", value(&repository.csd));
            }
            table.insert("secret", value(Source::Same.to_string()));
            table.decor_mut().set_prefix(format!("\n# {}\n", about_table("repository-1")));
            // What stands there under its name is of none that there is.
            let before = without(text, name).unwrap_or_else(|_| Zeroizing::new(text.to_owned()));
            with_table(&before, name, table).map(Some)
        }
        RepositoryChange::Renamed(old, _) | RepositoryChange::Removed(old) if !recorded.contains(&old) => Ok(None),
        RepositoryChange::Renamed(old, new) => renamed(text, old, new).map(Some),
        RepositoryChange::Removed(name) => without(text, name).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The record with these tables after a change.
    fn after(tables: &str, change: &RepositoryChange<'_>) -> Option<String> {
        let text = format!("format = 1\ncomponents = [\"passport\", \"api-gateway\"]\n{tables}");
        let answers = read_toml("record", &text).unwrap_or_else(|problems| panic!("{problems}"));
        let changed = changed(&text, &answers, change).expect("changed");
        changed.map(|changed| {
            read_toml("changed", &changed).unwrap_or_else(|problems| panic!("{problems}\n{}", *changed));
            changed[text.find(tables).expect("the tables")..].to_owned()
        })
    }

    #[test]
    fn what_a_record_cannot_hold_leaves_it_alone_and_what_it_inherits_is_told_apart() {
        let repository = Repository { csd: "csd.xml".to_owned(), ..Repository::default() };
        let eight: String = (0..SLOTS).map(|number| format!("[repositories.r{number}]\n")).collect();
        assert_eq!(after(&eight, &RepositoryChange::Added("ninth", &repository)), None);
        assert_eq!(after(&eight, &RepositoryChange::Removed("ninth")), None);
        assert_eq!(after(&eight, &RepositoryChange::Renamed("ninth", "tenth")), None);
        let elsewhere = Repository { elsewhere: true, ..repository.clone() };
        assert_eq!(after("", &RepositoryChange::Added("far", &elsewhere)), None);

        let authority = "[authority]\ncsd = \"other.xml\"\n";
        let text = after(authority, &RepositoryChange::Added("x", &repository)).expect("changed");
        assert!(text.ends_with("\n[repositories.x]\ncsd = \"csd.xml\"\nsecret = \"same\"\n"), "{text}");
        let phantom = "[repositories.x]\nhost = \"gone\"\n";
        let text = after(phantom, &RepositoryChange::Added("x", &repository)).expect("changed");
        assert!(text.ends_with("\n[repositories.x]\nsecret = \"same\"\n") && !text.contains("gone"), "{text}");
    }
}
