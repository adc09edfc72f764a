//! Draws the pictures of `docs/pictures` from the snapshots of the wizard's screens.
//!
//! `cargo run --example pictures` writes them anew; the test fails when one is stale.

mod shot;
mod svg;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use shot::Shot;

/// Where the snapshots are.
const SNAPSHOTS: &str = "src/ui/tui/tests/snapshots";
/// Where the pictures are.
const PICTURES: &str = "docs/pictures";
/// What the names of all snapshots begin with.
const PREFIX: &str = "countersign__ui__tui__tests__";

/// A picture's name, the snapshot that it is drawn from, and the theme.
const ALL: &[(&str, &str, &str)] = &[
    ("welcome", "screens__welcome_80x24", "terminal"),
    ("components", "screens__components_80x24", "terminal"),
    ("components-missing", "screens__components_incomplete_80x24", "terminal"),
    ("authority", "screens__authority_80x24", "terminal"),
    ("secret", "screens__secret_typed_80x24", "terminal"),
    ("integrator", "screens__integrator_80x24", "terminal"),
    ("alignment", "screens__alignment_80x24", "terminal"),
    ("review", "screens__review_80x24", "terminal"),
    ("review-wide", "screens__review_120x40", "terminal"),
    ("review-contrast", "screens__review_80x24", "contrast"),
    ("consent", "screens__over_consent_80x24", "terminal"),
    ("apply", "screens__apply_80x24", "terminal"),
    ("apply-put-back", "screens__apply_put_back_80x24", "terminal"),
    ("registration", "screens__registration_80x24", "terminal"),
    ("verification", "screens__verification_good_80x24", "terminal"),
    ("done", "screens__done_80x24", "terminal"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    fs::create_dir_all(root().join(PICTURES))?;
    for (picture, snapshot, theme) in ALL {
        let path = file(picture);
        fs::write(&path, draw(snapshot, theme)?)?;
        println!("{}", path.display());
    }
    Ok(())
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn file(picture: &str) -> PathBuf {
    root().join(PICTURES).join(picture).with_extension("svg")
}

fn draw(snapshot: &str, theme: &str) -> io::Result<String> {
    let path = root().join(SNAPSHOTS).join(format!("{PREFIX}{snapshot}.snap"));
    let text = fs::read_to_string(&path).map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?;
    let shot = Shot::parse(&text, theme).map_err(|what| io::Error::other(format!("{}: {what}", path.display())))?;
    Ok(svg::draw(&shot))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_picture_shows_its_screen() {
        if std::env::var_os("COUNTERSIGN_REGENERATE").is_some() {
            main().expect("drawn");
        }
        for (picture, snapshot, theme) in ALL {
            let drawn = draw(snapshot, theme).expect("a snapshot");
            let found = fs::read_to_string(file(picture)).unwrap_or_default();
            assert!(found == drawn, "{picture}.svg is stale: cargo run --example pictures, and look at the change");
        }
        let here = fs::read_dir(root().join(PICTURES)).expect("pictures").count();
        assert_eq!(here, ALL.len(), "docs/pictures holds what nobody draws");
    }
}
