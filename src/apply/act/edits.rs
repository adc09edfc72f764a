//! Changing files that are there already, and bringing them back exactly as they were.

use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{ActError, Context};
use crate::apply::journal::Before;
use crate::apply::vault::Vault;
use crate::forms::FormError;
use crate::fs::{Looks, PRIVATE_FILE, looks, read_inside, replace, restore};
use crate::plan::{NewValue, Spot, Step, edit};
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
        Step::SetValues { home, path, .. } => vec![(home, path)],
        Step::WriteSecret { spots, .. } => {
            by_file(spots).into_iter().map(|file| (&*file[0].home, &*file[0].path)).collect()
        }
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

/// Changes values in a file that may hold the secret besides. Each must be as it was when the change was planned.
pub fn set_values(home: &Path, path: &Path, format: &str, values: &[NewValue]) -> Result<(), ActError> {
    let present = read_inside(home, path).map_err(failed(path))?;
    let text = text(path, &present)?;
    for value in values {
        let found = edit::present(text, format, &value.key).map_err(not_understood(path))?;
        if found.as_ref().is_none_or(|found| *found != value.before && *found != value.after) {
            return Err(changed_since(path));
        }
    }
    put(path, &present, &with(path, text, format, values, |value| &value.after)?)
}

/// Brings values back: the file byte for byte where nobody else changed it since.
pub fn undo_set_values(
    index: usize,
    home: &Path,
    (format, values): (&str, &[NewValue]),
    before: &[Before],
    vault: Option<&Vault>,
) -> Result<(), ActError> {
    for earlier in unsealed(index, before, vault)? {
        let path = &earlier.path;
        let ours = with(path, text(path, &earlier.content)?, format, values, |value| &value.after)?;
        match present(home, path)? {
            Some(present) if present != earlier.content && *present != *ours => {
                put(path, &present, &with(path, text(path, &present)?, format, values, |value| &value.before)?)?;
            }
            _ => put_back(&earlier)?,
        }
    }
    Ok(())
}

/// The text of a file with these values.
fn with(
    path: &Path,
    text: &str,
    format: &str,
    values: &[NewValue],
    of: impl Fn(&NewValue) -> &String,
) -> Result<Zeroizing<Vec<u8>>, ActError> {
    let values: Vec<(String, String)> = values.iter().map(|value| (value.key.clone(), of(value).clone())).collect();
    let edited = edit::edited(text, format, &values).map_err(not_understood(path))?;
    Ok(Zeroizing::new(edited.into_bytes()))
}

fn text<'a>(path: &Path, bytes: &'a [u8]) -> Result<&'a str, ActError> {
    std::str::from_utf8(bytes).map_err(|_| not_understood(path)("is not UTF-8 text".to_owned()))
}

fn not_understood(path: &Path) -> impl FnOnce(String) -> ActError {
    let path = path.display().to_string();
    move |why| ActError::Other(format!("{path} {why}"))
}

/// Puts the secret into places, each file read anew just before.
pub fn write_secret(spots: &[Spot], context: &Context) -> Result<(), ActError> {
    let secret = context.secret.as_deref().ok_or_else(|| ActError::Other("no secret was given".into()))?;
    for file in by_file(spots) {
        let (home, path) = (&file[0].home, &file[0].path);
        let present = read_inside(home, path).map_err(failed(path))?;
        put(path, &present, &filled(&file, &present, secret)?)?;
    }
    Ok(())
}

/// Sees that places hold the secret which their product may have written over.
pub fn see_kept(spots: &[Spot], context: &Context) -> Result<(), ActError> {
    let secret = context.secret.as_deref().ok_or_else(|| ActError::Other("no secret was given".into()))?;
    for spot in spots {
        let text = read_inside(&spot.home, &spot.path).map_err(failed(&spot.path))?;
        if !value(spot, &text)?.is_some_and(|present| present.same_as(secret)) {
            let (path, key) = (spot.path.display(), &spot.key);
            return Err(ActError::Other(format!("{path}: {key}: the product wrote another value over the new secret")));
        }
    }
    Ok(())
}

/// Brings places back, byte for byte where nobody else changed them since.
pub fn undo_write_secret(
    index: usize,
    spots: &[Spot],
    context: &Context,
    before: &[Before],
    vault: Option<&Vault>,
) -> Result<(), ActError> {
    for earlier in unsealed(index, before, vault)? {
        let Some(file) = by_file(spots).into_iter().find(|file| file[0].path == earlier.path) else { continue };
        match present(&file[0].home, &earlier.path)? {
            Some(present) if !is_ours(&file, &present, &earlier, context) => {
                let mut text = present.clone();
                for spot in &file {
                    let old = value(spot, &earlier.content)?.ok_or_else(|| changed_since(&earlier.path))?;
                    text = filled(&[spot], &text, &old)?;
                }
                put(&earlier.path, &present, &text)?;
            }
            _ => put_back(&earlier)?,
        }
    }
    Ok(())
}

/// The spots of each file: twins in one file are written in one replacement of it.
fn by_file(spots: &[Spot]) -> Vec<Vec<&Spot>> {
    let mut files: Vec<Vec<&Spot>> = Vec::new();
    for spot in spots {
        match files.iter_mut().find(|file| file[0].path == spot.path) {
            Some(file) => file.push(spot),
            None => files.push(vec![spot]),
        }
    }
    files
}

/// Whether a file holds what it held before, or exactly what this change wrote.
fn is_ours(file: &[&Spot], present: &[u8], earlier: &Earlier, context: &Context) -> bool {
    let written = || filled(file, &earlier.content, context.secret.as_deref()?).ok();
    present == earlier.content.as_slice() || written().is_some_and(|written| present == written.as_slice())
}

/// A file's text with the secret in each of these spots of it.
fn filled(file: &[&Spot], text: &[u8], secret: &Secret) -> Result<Zeroizing<Vec<u8>>, ActError> {
    file.iter().try_fold(Zeroizing::new(text.to_vec()), |text, spot| {
        spot.shape().and_then(|shape| shape.write_all(&text, &[&spot.key], secret)).map_err(refused(spot))
    })
}

fn put(path: &Path, present: &[u8], text: &[u8]) -> Result<(), ActError> {
    if present == text { Ok(()) } else { replace(path, text, PRIVATE_FILE).map_err(failed(path)) }
}

fn value(spot: &Spot, text: &[u8]) -> Result<Option<Secret>, ActError> {
    spot.shape().and_then(|shape| shape.read(text, &spot.key)).map_err(refused(spot))
}

fn refused(spot: &Spot) -> impl FnOnce(FormError) -> ActError {
    let path = spot.path.display().to_string();
    move |error| ActError::Other(format!("{path}: {error}"))
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
                form: "plain".into(),
            };
            let steps = vec![
                Step::EditFile { path: at("plain"), before: "one\n".into(), after: "two\n".into() },
                Step::WriteSecret {
                    name: "X".into(),
                    spots: vec![spot],
                    online: vec![],
                    takes_over: vec![],
                    alone: false,
                },
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
    fn twins_are_written_and_brought_back_together() {
        let mut fixture = Fixture::new();
        let text = "passport.shared.secret=old\ntwin=6f6c646572\nother=1\n";
        std::fs::write(fixture.dir.path().join("place"), text).expect("written");
        let Step::WriteSecret { spots, .. } = &mut fixture.plan.steps[1] else { panic!("a place") };
        spots.push(Spot { key: "twin".into(), form: "hex".into(), ..spots[0].clone() });
        let outcome = fixture.put_back(|| {
            let written = "passport.shared.secret=another battery\ntwin=616e6f746865722062617474657279\nother=1\n";
            assert_eq!(fixture.text("place"), written);
            std::fs::write(fixture.dir.path().join("place"), written.replace("=1", "=2")).expect("written");
        });
        assert_eq!(outcome.result, Finished::PutBack, "{outcome:?}");
        assert_eq!(fixture.text("place"), text.replace("=1", "=2"), "each twin got its own value back");
    }

    #[test]
    fn values_change_beside_the_secret_and_go_back_alone_where_somebody_else_wrote() {
        let dir = tempfile::tempdir().expect("a folder");
        let at = |name: &str| dir.path().join(name);
        let text = "[authority]\nhost = \"a\" # its name\n[r.x]\nsecret = \"correct horse\"\n";
        std::fs::write(at("r.toml"), text).expect("written");
        std::fs::write(at("taken"), "").expect("written");
        let value = NewValue { key: "authority/host".into(), before: "a".into(), after: "b".into() };
        let set =
            Step::SetValues { home: dir.path().into(), path: at("r.toml"), format: "toml".into(), values: vec![value] };
        let steps = vec![set, Step::CreateFile { path: at("taken"), content: String::new() }];
        let plan = Plan { act: "configure".into(), dir: dir.path().into(), steps, ..Plan::default() };
        let read = || std::fs::read_to_string(at("r.toml")).expect("there");
        for (meanwhile, expected) in
            [("correct horse", text.to_owned()), ("battery", text.replace("correct horse", "battery"))]
        {
            let outcome = apply(&plan, &Context::default(), &mut |event| {
                if matches!(event, crate::apply::Event::Started(1)) {
                    assert_eq!(read(), text.replace("\"a\"", "\"b\""));
                    std::fs::write(at("r.toml"), read().replace("correct horse", meanwhile)).expect("written");
                }
            });
            assert_eq!(outcome.expect("a journal").result, Finished::PutBack);
            assert_eq!(read(), expected);
        }
        std::fs::write(at("r.toml"), text.replace("\"a\"", "\"c\"")).expect("written");
        let outcome = apply(&plan, &Context::default(), &mut |_| ()).expect("a journal");
        assert!(outcome.reason.is_some_and(|reason| reason.contains("somebody else changed it")));
        let journal = std::fs::read_dir(at("journal")).expect("a folder").filter_map(Result::ok);
        for file in journal {
            assert!(!std::fs::read_to_string(file.path()).unwrap_or_default().contains("horse"), "{file:?}");
        }
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
