//! Renaming and removing repositories. Files go into dated folders, and what the authority believes is given up.

use std::io;
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::home::Home;
use super::links::{Link, one};
use super::register::{Registered, register};
use super::{Failure, Log};
use crate::daemon::anew::Former;
use crate::fs::{PRIVATE_FILE, replace};
use crate::registration::repository::Repositories;
use crate::registration::repository_edit::{renamed, without};
use crate::secret::Secret;

/// What a change set aside and gave up.
pub struct Changed {
    /// Where the earlier files are.
    pub backup: Option<PathBuf>,
    /// What the authority gave up, one line for people each.
    pub given_up: Vec<String>,
}

/// Gives a repository another name, under which it registers anew.
pub async fn rename(home: &Home, old: &str, new: &str, log: &Log) -> Result<Registered, Failure> {
    let (link, former, secret) = leaving(home, old, log)?;
    let named = change(home, |text| renamed(text, old, new))?;
    let backup = match link.access.set_aside() {
        Ok(backup) => backup,
        Err(failure) => {
            let _ = write(home, &named);
            return Err(failure);
        }
    };
    let mut registered = register(one(home, Some(new), log)?, false).await;
    registered.backup = backup;
    if matches!(registered.ended, Ok(()) | Err(Failure::Pending(_)))
        && let Some(secret) = secret
    {
        registered.given_up = link.access.give_up(&former, &secret).await;
    }
    Ok(registered)
}

/// Removes a repository.
pub async fn remove(home: &Home, name: &str, log: &Log) -> Result<Changed, Failure> {
    let (link, former, secret) = leaving(home, name, log)?;
    let backup = link.access.set_aside()?;
    let given_up = match secret {
        Some(secret) => link.access.give_up(&former, &secret).await,
        None => Vec::new(),
    };
    change(home, |text| without(text, name))?;
    log.about(name).info("Repositories", "removed");
    Ok(Changed { backup, given_up })
}

/// What a repository has that is on its way out.
fn leaving(home: &Home, name: &str, log: &Log) -> Result<(Link, Former, Option<Secret>), Failure> {
    let link = one(home, Some(name), log)?.link?;
    let former = link.access.former();
    let secret = link.access.place.read().ok().flatten().filter(|secret| !secret.is_empty());
    Ok((link, former, secret))
}

/// Changes the file; returns what stood there.
fn change(
    home: &Home,
    edit: impl FnOnce(&str) -> Result<Zeroizing<String>, String>,
) -> Result<Zeroizing<String>, Failure> {
    let path = home.repositories();
    let shown = home.shown(&path);
    let before = std::fs::read_to_string(&path)
        .map(Zeroizing::new)
        .map_err(|error| Failure::CannotTell(format!("{shown} cannot be read: {error}")))?;
    let refused = |why: String| Failure::Refused(format!("{shown} {why}"));
    let after = edit(&before).map_err(refused)?;
    Repositories::parse(&after).map_err(|(_, why)| refused(why))?;
    write(home, &after).map_err(|error| Failure::Failed(format!("{shown} cannot be written: {error}")))?;
    Ok(before)
}

fn write(home: &Home, text: &str) -> io::Result<()> {
    replace(&home.repositories(), text.as_bytes(), PRIVATE_FILE)
}
