//! Changing files that are there already, and bringing them back exactly as they were.

use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::process::run_to_end;
use super::{ActError, Context};
use crate::apply::journal::Before;
use crate::apply::vault::Vault;
use crate::daemon::pidfile;
use crate::forms::Format;
use crate::fs::{Looks, PRIVATE_FILE, looks, read_inside, replace, restore};
use crate::plan::{Reload, Spot, Step};
use crate::secret::Secret;

/// A file as it was.
struct Earlier {
    path: PathBuf,
    looks: Looks,
    content: Zeroizing<Vec<u8>>,
}

/// What a step will change, as it is now, for the journal. Steps that change no existing file have nothing to remember.
pub fn remember(index: usize, step: &Step, vault: Option<&Vault>) -> Result<Vec<Before>, ActError> {
    let paths: Vec<(&Path, &Path)> = match step {
        Step::EditFile { path, .. } => vec![(folder_of(path), path)],
        Step::WriteSecret { spots, .. } => spots.iter().map(|spot| (&*spot.home, &*spot.path)).collect(),
        _ => return Ok(Vec::new()),
    };
    let vault = vault.ok_or_else(|| ActError::Other("what is changed cannot be sealed: the key is gone".into()))?;
    let one = |(home, path): (&Path, &Path)| {
        let content = read_inside(home, path)?;
        let sealed = vault.seal(&name(index, path), &content)?;
        io::Result::Ok(Before { path: path.to_path_buf(), looks: looks(path)?, sealed })
    };
    paths.into_iter().map(|(home, path)| one((home, path)).map_err(failed(path))).collect()
}

/// Changes a file that must stand as it was when the change was planned.
pub fn edit(path: &Path, before: &str, after: &str) -> Result<(), ActError> {
    let present = read_inside(folder_of(path), path).map_err(failed(path))?;
    if *present == after.as_bytes() {
        return Ok(());
    }
    if *present != before.as_bytes() {
        return Err(changed_since(path));
    }
    replace(path, after.as_bytes(), PRIVATE_FILE).map_err(failed(path))
}

/// Brings a file back, unless somebody else changed it since.
pub fn undo_edit(index: usize, after: &str, before: &[Before], vault: Option<&Vault>) -> Result<(), ActError> {
    for earlier in unsealed(index, before, vault)? {
        let present = present(folder_of(&earlier.path), &earlier.path)?;
        if present.as_ref().is_some_and(|present| **present != after.as_bytes() && *present != earlier.content) {
            return Err(changed_since(&earlier.path));
        }
        put_back(&earlier)?;
    }
    Ok(())
}

/// Puts the secret into places, each read anew just before, and has the process take it over.
pub fn write_secret(spots: &[Spot], reload: Option<&Reload>, context: &Context) -> Result<(), ActError> {
    let secret = context.secret.as_deref().ok_or_else(|| ActError::Other("no secret was given".into()))?;
    for spot in spots {
        let present = read_inside(&spot.home, &spot.path).map_err(failed(&spot.path))?;
        put(spot, &present, secret)?;
    }
    reload.map_or(Ok(()), |reload| run_to_end(&reload.command, context))
}

/// Brings places back, byte for byte where nobody else changed them since, and has the process take the old secret over.
pub fn undo_write_secret(
    index: usize,
    (spots, reload): (&[Spot], Option<&Reload>),
    context: &Context,
    before: &[Before],
    vault: Option<&Vault>,
) -> Result<(), ActError> {
    for earlier in unsealed(index, before, vault)? {
        let Some(spot) = spots.iter().find(|spot| spot.path == earlier.path) else { continue };
        match present(&spot.home, &spot.path)? {
            Some(present) if !is_ours(spot, &present, &earlier, context) => {
                let old = value(spot, &earlier.content)?.ok_or_else(|| changed_since(&spot.path))?;
                put(spot, &present, &old)?;
            }
            _ => put_back(&earlier)?,
        }
    }
    // A process that is gone takes the old secret when it is started again.
    match reload.filter(|reload| matches!(pidfile::holder(&reload.pid_file), Ok(Some(_)))) {
        Some(reload) => run_to_end(&reload.command, context),
        None => Ok(()),
    }
}

/// Whether a place holds what it held before, or exactly what this change wrote.
fn is_ours(spot: &Spot, present: &[u8], earlier: &Earlier, context: &Context) -> bool {
    let written = || {
        let secret = context.secret.as_deref()?;
        format(spot).ok()?.write(&earlier.content, &spot.key, secret).ok()
    };
    present == earlier.content.as_slice() || written().is_some_and(|written| present == written.as_slice())
}

fn put(spot: &Spot, present: &[u8], secret: &Secret) -> Result<(), ActError> {
    if value(spot, present)?.is_some_and(|value| value.same_as(secret)) {
        return Ok(());
    }
    let other = |error: crate::forms::FormError| ActError::Other(format!("{}: {error}", spot.path.display()));
    let written = format(spot)?.write(present, &spot.key, secret).map_err(other)?;
    replace(&spot.path, &written, PRIVATE_FILE).map_err(failed(&spot.path))
}

fn value(spot: &Spot, text: &[u8]) -> Result<Option<Secret>, ActError> {
    let other = |error: crate::forms::FormError| ActError::Other(format!("{}: {error}", spot.path.display()));
    format(spot)?.read(text, &spot.key).map_err(other)
}

fn format(spot: &Spot) -> Result<Format, ActError> {
    spot.format.parse().map_err(|error: crate::forms::FormError| ActError::Other(error.to_string()))
}

fn unsealed(index: usize, before: &[Before], vault: Option<&Vault>) -> Result<Vec<Earlier>, ActError> {
    if before.is_empty() {
        return Ok(Vec::new());
    }
    let vault = vault.ok_or_else(|| ActError::Other("what stood there cannot be unsealed: the key is gone".into()))?;
    before
        .iter()
        .map(|before| {
            let content = vault.unseal(&name(index, &before.path), &before.sealed).map_err(failed(&before.path))?;
            Ok(Earlier { path: before.path.clone(), looks: before.looks.clone(), content })
        })
        .collect()
}

fn present(home: &Path, path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, ActError> {
    match read_inside(home, path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some).map_err(failed(path)),
    }
}

fn put_back(earlier: &Earlier) -> Result<(), ActError> {
    crate::fs::clear_temporary(&earlier.path).map_err(failed(&earlier.path))?;
    restore(&earlier.path, &earlier.content, &earlier.looks).map_err(failed(&earlier.path))
}

fn changed_since(path: &Path) -> ActError {
    let why = "somebody else changed it since: compare it with what the plan showed";
    ActError::Other(format!("{}: {why}", path.display()))
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> ActError {
    let path = path.to_path_buf();
    move |error| ActError::File(path, error)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

fn name(index: usize, path: &Path) -> String {
    format!("step {index}, {}", path.display())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::sync::Arc;

    use super::*;
    use crate::apply::{Finished, apply};
    use crate::plan::Plan;

    const BEFORE: &str = "# theirs\npassport.shared.secret = correct horse battery\nother = 1\n";

    /// A place and a plain file, and a plan that changes both and then fails.
    struct Fixture {
        dir: tempfile::TempDir,
        plan: Plan,
        context: Context,
    }

    impl Fixture {
        fn new() -> Self {
            let dir = tempfile::tempdir().expect("a folder");
            let at = |name: &str| dir.path().join(name);
            for (name, text) in [("place", BEFORE), ("plain", "one\n"), ("taken", "")] {
                std::fs::write(at(name), text).expect("written");
            }
            std::fs::set_permissions(at("place"), std::fs::Permissions::from_mode(0o640)).expect("set");
            let spot = Spot {
                component: "x".into(),
                home: dir.path().into(),
                path: at("place"),
                format: "properties".into(),
                key: "passport.shared.secret".into(),
            };
            let steps = vec![
                Step::EditFile { path: at("plain"), before: "one\n".into(), after: "two\n".into() },
                Step::WriteSecret { name: "X".into(), spots: vec![spot], reload: None },
                Step::CreateFile { path: at("taken"), content: String::new() },
            ];
            let plan = Plan { act: "configure".into(), dir: dir.path().into(), steps, ..Plan::default() };
            let secret = Some(Arc::new(Secret::new("another battery".into())));
            Self { plan, context: Context { secret, ..Context::default() }, dir }
        }

        fn text(&self, name: &str) -> String {
            std::fs::read_to_string(self.dir.path().join(name)).expect("there")
        }

        /// Applies the plan; `between` happens once both files are changed.
        fn put_back(&self, between: impl Fn()) -> crate::apply::Outcome {
            apply(&self.plan, &self.context, &mut |event| {
                if matches!(event, crate::apply::Event::Started(2)) {
                    between();
                }
            })
            .expect("a journal")
        }
    }

    #[test]
    fn what_was_changed_comes_back_exactly_as_it_was() {
        let fixture = Fixture::new();
        let looks = |name: &str| {
            let meta = std::fs::metadata(fixture.dir.path().join(name)).expect("there");
            (meta.mode(), meta.uid(), meta.mtime(), meta.mtime_nsec())
        };
        let before = [looks("place"), looks("plain")];
        let outcome = fixture.put_back(|| {
            assert_eq!(fixture.text("place"), BEFORE.replace("correct horse battery", "another battery"));
            assert_eq!(fixture.text("plain"), "two\n");
        });
        assert_eq!(outcome.result, Finished::PutBack, "{outcome:?}");
        assert_eq!((fixture.text("place").as_str(), fixture.text("plain").as_str()), (BEFORE, "one\n"));
        assert_eq!([looks("place"), looks("plain")], before);
        let journal = std::fs::read_dir(fixture.dir.path().join("journal")).expect("a folder").filter_map(Result::ok);
        for file in journal {
            let text = std::fs::read_to_string(file.path()).expect("read");
            assert!(!text.contains("battery"), "{}", file.path().display());
            assert!(file.path().extension().is_some_and(|extension| extension == "log"), "{file:?}");
        }
    }

    #[test]
    fn what_somebody_else_changed_meanwhile_is_kept() {
        let fixture = Fixture::new();
        let outcome = fixture.put_back(|| {
            let changed = fixture.text("place").replace("other = 1", "other = 2");
            std::fs::write(fixture.dir.path().join("place"), changed).expect("written");
            std::fs::write(fixture.dir.path().join("plain"), "three\n").expect("written");
        });
        assert_eq!(fixture.text("place"), BEFORE.replace("other = 1", "other = 2"), "the secret alone went back");
        assert_eq!(fixture.text("plain"), "three\n", "what cannot be told apart is left alone");
        assert_eq!(outcome.result, Finished::NotPutBack);
        assert!(outcome.by_hand[0].contains("plain") && outcome.by_hand.len() == 1, "{outcome:?}");
    }

    #[test]
    fn a_file_that_changed_since_the_plan_is_not_touched() {
        let fixture = Fixture::new();
        std::fs::write(fixture.dir.path().join("plain"), "three\n").expect("written");
        let outcome = fixture.put_back(|| panic!("the first step fails"));
        assert_eq!(fixture.text("plain"), "three\n");
        assert_eq!((fixture.text("place").as_str(), outcome.steps), (BEFORE, 0));
    }
}
