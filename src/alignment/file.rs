//! The level *file*: what is written in a place.

use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;

use super::found::Found;
use crate::forms::{Form, FormError, Shape};
use crate::fs::read_inside;
use crate::profile::Twin;
use crate::registration::site::Site;
use crate::secret::Secret;

/// A place as it is asked at the level *file*.
#[derive(Clone)]
pub struct Written<'a> {
    /// The product's folder; a link that leads out of it is not followed.
    pub home: &'a Path,
    /// The file.
    pub path: &'a Path,
    /// Its format: a name that `forms` knows.
    pub format: &'a str,
    /// How the secret is written there: a name that `forms` knows.
    pub form: &'a str,
    /// Where in the file.
    pub key: &'a str,
    /// Where else the same secret must stand.
    pub twins: &'a [Twin],
    /// The permissions that it may have at most, octal; empty where the product does not mind.
    pub mode: &'a str,
    /// The user whose file it must be, by name or number; empty where the product does not mind.
    pub owner: &'a str,
    /// In whose name its secret is proved; `None` when the profile does not say.
    pub site: Option<Arc<Site>>,
}

impl Written<'_> {
    /// The secret that stands there and in every twin, or what it comes to without one.
    pub(crate) fn read(&self) -> Result<Secret, Found> {
        let shape = Shape::named(self.format, self.form);
        let shape = match shape {
            _ if self.form == Form::Opaque.name() => Err(FormError::Opaque),
            shape => shape,
        };
        let shape = shape.map_err(|error| Found::cannot_tell(error.to_string()))?;
        let secret = self.read_at(shape, self.path, self.key)?;
        for twin in self.twins {
            let name = if twin.key.is_empty() { &twin.file } else { &twin.key };
            let other = self.read_at(shape, &twin.path(self.home, self.path), &twin.key).map_err(|found| {
                let detail = format!("its twin {name}: {}", found.detail);
                Found { detail, ..found }
            })?;
            if !other.same_as(&secret) {
                return Err(Found::differs(format!("its twin {name} holds another value")));
            }
        }
        Ok(secret)
    }

    fn read_at(&self, shape: Shape, path: &Path, key: &str) -> Result<Secret, Found> {
        let bytes = match read_inside(self.home, path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Found::missing("the file is not there"));
            }
            Err(error) => return Err(Found::cannot_tell(format!("it cannot be read: {error}"))),
        };
        let name = if key.is_empty() { "the file" } else { key };
        match shape.read(&bytes, key) {
            Ok(Some(secret)) if secret.is_empty() => Err(Found::missing(format!("{name} is empty"))),
            Ok(Some(secret)) => Ok(secret),
            Ok(None) => Err(Found::missing(format!("{name} is not in it"))),
            Err(error) => Err(Found::cannot_tell(error.to_string())),
        }
    }

    /// What to say when the file is open to more people than the product needs, or belongs to another user.
    pub(crate) fn warning(&self) -> Option<String> {
        let warnings: Vec<String> = [self.too_open(), self.foreign()].into_iter().flatten().collect();
        (!warnings.is_empty()).then(|| warnings.join("; "))
    }

    fn foreign(&self) -> Option<String> {
        let (owner, present) = (user(self.owner)?, std::fs::metadata(self.path).ok()?.uid());
        (present != owner).then(|| format!("it belongs to the user with id {present}: chown {}", self.owner))
    }

    fn too_open(&self) -> Option<String> {
        if self.mode.is_empty() {
            return None;
        }
        let most = u32::from_str_radix(self.mode, 8).unwrap_or(crate::fs::PRIVATE_FILE);
        let mode = std::fs::metadata(self.path).ok()?.permissions().mode() & 0o7777;
        (mode & !most != 0).then(|| format!("it is open to others (mode {mode:04o}): chmod {most:04o}"))
    }
}

/// The id of a user of this host; `None` where the host's own list does not have the name.
fn user(name: &str) -> Option<u32> {
    let listed = || {
        let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        let mut lines = users.lines().map(|line| line.split(':').collect::<Vec<_>>());
        lines.find(|words| words.first() == Some(&name)).and_then(|words| words.get(2)?.parse().ok())
    };
    name.parse().ok().or_else(listed)
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::symlink;

    use super::super::Verdict;
    use super::*;

    fn with<T>(content: Option<&str>, look: impl FnOnce(&Path, Written<'_>) -> T) -> T {
        let dir = tempfile::tempdir().expect("a folder");
        let (home, path) = (dir.path().join("home"), dir.path().join("home/place.xml"));
        std::fs::create_dir(&home).expect("made");
        if let Some(content) = content {
            std::fs::write(&path, content).expect("written");
        }
        let (format, form, key, mode, owner) = ("xml", "plain", "sharedSecret", "0600", "");
        look(dir.path(), Written { home: &home, path: &path, format, form, key, twins: &[], mode, owner, site: None })
    }

    fn without_secret(place: &Written<'_>) -> Found {
        let Err(found) = place.read() else { panic!("a secret was found") };
        found
    }

    #[test]
    fn a_place_without_a_secret_is_missing_and_one_that_cannot_be_read_is_not() {
        for (text, verdict, word) in [
            (None, Verdict::Missing, "not there"),
            (Some("<passportAccess><sharedSecret></sharedSecret></passportAccess>"), Verdict::Missing, "empty"),
            (Some("<passportAccess></passportAccess>"), Verdict::Missing, "not in it"),
            (Some("<passportAccess><shared"), Verdict::CannotTell, ""),
        ] {
            let found = with(text, |_, place| without_secret(&place));
            assert_eq!(found.verdict, verdict, "{text:?}");
            assert!(found.detail.contains(word), "{}", found.detail);
        }
    }

    #[test]
    fn twins_must_hold_the_same() {
        let dir = tempfile::tempdir().expect("a folder");
        let at = |name: &str| dir.path().join(name);
        std::fs::write(at("a"), "k = c2VjcmV0\nk2 = c2VjcmV0\n").expect("written");
        let twin = |file: &str, key: &str| Twin { file: file.to_owned(), key: key.to_owned() };
        let read = |other: &str| {
            std::fs::write(at("b"), other).expect("written");
            let twins = [twin("", "k2"), twin("b", "k3")];
            let (path, format, form, home) = (at("a"), "properties", "base64", dir.path());
            let (key, mode, owner, twins) = ("k", "", "", &twins[..]);
            let place = Written { home, path: &path, format, form, key, twins, mode, owner, site: None };
            place.read().map(|secret| secret.expose().to_owned()).map_err(|found| (found.verdict, found.detail))
        };
        assert_eq!(read("k3 = c2VjcmV0"), Ok("secret".into()));
        assert_eq!(read("k3 = c2VjcmV1"), Err((Verdict::Differs, "its twin k3 holds another value".into())));
        assert_eq!(read("k4 = x"), Err((Verdict::Missing, "its twin k3: k3 is not in it".into())));
    }

    #[test]
    fn an_opaque_place_is_not_even_opened() {
        let found = with(None, |_, place| without_secret(&Written { form: "opaque", format: "", ..place }));
        assert_eq!(found.verdict, Verdict::CannotTell);
        assert!(found.detail.contains("compared by proof"));
    }

    #[test]
    fn a_link_out_of_the_home_is_not_followed() {
        let found = with(None, |dir, place| {
            std::fs::write(dir.join("else.xml"), "<a><sharedSecret>correct horse</sharedSecret></a>").expect("written");
            symlink(dir.join("else.xml"), place.path).expect("linked");
            without_secret(&place)
        });
        assert_eq!(found.verdict, Verdict::CannotTell);
        assert!(found.detail.contains("link"));
    }

    #[test]
    fn a_place_of_another_user_is_told() {
        with(Some("<a/>"), |_, place| {
            std::fs::set_permissions(place.path, Permissions::from_mode(0o600)).expect("mode");
            let us = std::fs::metadata(place.path).expect("there").uid();
            let of = |owner: &str| Written { owner, ..place.clone() }.warning();
            assert_eq!((of(""), of(&us.to_string()), of("no-such-user")), (None, None, None));
            assert_eq!(user("root"), Some(0));
            let told = of(&(us + 1).to_string()).expect("told");
            assert_eq!(told, format!("it belongs to the user with id {us}: chown {}", us + 1));
        });
    }

    #[test]
    fn a_place_that_others_may_read_is_told() {
        with(Some("<a/>"), |_, place| {
            for (mode, told) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true)] {
                std::fs::set_permissions(place.path, Permissions::from_mode(mode)).expect("mode");
                assert_eq!(place.too_open().is_some(), told, "{mode:o}");
            }
        });
    }
}
