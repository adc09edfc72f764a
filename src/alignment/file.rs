//! The level *file*: what is written in a place, proved to the authority as a check.

use std::io;

use super::expected::Spot;
use super::found::Found;
use crate::estate::record::Authority;
use crate::forms::Format;
use crate::fs::read_inside;
use crate::registration::prove::ProofError;
use crate::secret::Secret;

/// Reads a place and proves what it holds.
pub(super) async fn ask(spot: &Spot, authority: &Authority) -> Found {
    let secret = match read(spot) {
        Ok(secret) => secret,
        Err(found) => return found,
    };
    let Some(site) = spot.component.site(authority) else {
        return Found::cannot_tell("its profile does not say in whose name it is proved");
    };
    match super::prove(&site, &secret).await {
        Ok(proved) => Found::proved(proved.secret_id),
        Err(ProofError::NotAccepted) => Found::differs(ProofError::NotAccepted.to_string()),
        Err(error) => Found::cannot_tell(error.to_string()),
    }
}

pub(super) fn read(spot: &Spot) -> Result<Secret, Found> {
    let bytes = match read_inside(spot.component.home(), &spot.path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Found::missing("the file is not there")),
        Err(error) => return Err(Found::cannot_tell(format!("it cannot be read: {error}"))),
    };
    let key = &spot.place.key;
    let format: Format = spot
        .place
        .format
        .parse()
        .map_err(|_| Found::cannot_tell(format!("the format {} is not known here", spot.place.format)))?;
    match format.read(&bytes, key) {
        Ok(Some(secret)) if secret.is_empty() => Err(Found::missing(format!("{key} is empty"))),
        Ok(Some(secret)) => Ok(secret),
        Ok(None) => Err(Found::missing(format!("{key} is not in it"))),
        Err(error) => Err(Found::cannot_tell(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use super::super::{Level, Verdict, expected::expected};
    use super::*;

    const PLACE: &str = "b2bi/Interchange/conf/passport-access.xml";

    fn found(dir: &Path) -> Found {
        let spots = expected(dir, &["interchange".to_owned()], &[Level::File]);
        let Err(found) = read(&spots[0]) else { panic!("a secret was found") };
        found
    }

    #[test]
    fn a_place_without_a_secret_is_missing_and_one_that_cannot_be_read_is_not() {
        let dir = tempfile::tempdir().expect("a folder");
        let (dir, place) = (dir.path(), dir.path().join(PLACE));
        std::fs::create_dir_all(place.parent().expect("a folder")).expect("made");
        assert_eq!(found(dir).verdict, Verdict::Missing);
        for (text, verdict, word) in [
            ("<passportAccess><sharedSecret></sharedSecret></passportAccess>", Verdict::Missing, "empty"),
            ("<passportAccess></passportAccess>", Verdict::Missing, "not in it"),
            ("<passportAccess><shared", Verdict::CannotTell, ""),
        ] {
            std::fs::write(&place, text).expect("written");
            let found = found(dir);
            assert_eq!(found.verdict, verdict, "{text}");
            assert!(found.detail.contains(word), "{}", found.detail);
        }
    }

    #[test]
    fn a_link_out_of_the_home_is_not_followed() {
        let dir = tempfile::tempdir().expect("a folder");
        let (dir, place) = (dir.path(), dir.path().join(PLACE));
        std::fs::create_dir_all(place.parent().expect("a folder")).expect("made");
        std::fs::write(dir.join("else.xml"), "<a><sharedSecret>correct horse</sharedSecret></a>").expect("written");
        symlink(dir.join("else.xml"), &place).expect("linked");
        let found = found(dir);
        assert_eq!(found.verdict, Verdict::CannotTell);
        assert!(found.detail.contains("link"));
    }
}
