//! Draws the pictures of `docs/pictures` from the snapshots of the wizard's and the console's screens.
//!
//! `cargo run --example pictures` writes them anew; the test fails when one is stale.

mod shot;
mod svg;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use shot::Shot;

/// Where the snapshots are, below the module whose screens they show.
const SNAPSHOTS: &str = "tests/snapshots";
/// Where the pictures are.
const PICTURES: &str = "docs/pictures";
/// The folders of these modules, and what the names of their snapshots begin with.
const WIZARD: (&str, &str) = ("src/ui/tui", "countersign__ui__tui__tests__");
const CONSOLE: (&str, &str) = ("src/ui/tui/console", "countersign__ui__tui__console__tests__");

/// A picture's name, the module and the snapshot that it is drawn from, and the theme.
const ALL: &[(&str, (&str, &str), &str, &str)] = &[
    ("welcome", WIZARD, "screens__welcome_80x24", "terminal"),
    ("components", WIZARD, "screens__components_80x24", "terminal"),
    ("components-missing", WIZARD, "screens__components_incomplete_80x24", "terminal"),
    ("authority", WIZARD, "screens__authority_80x24", "terminal"),
    ("secret", WIZARD, "screens__secret_typed_80x24", "terminal"),
    ("integrator", WIZARD, "screens__integrator_80x24", "terminal"),
    ("alignment", WIZARD, "screens__alignment_80x24", "terminal"),
    ("review", WIZARD, "screens__review_80x24", "terminal"),
    ("review-wide", WIZARD, "screens__review_120x40", "terminal"),
    ("review-contrast", WIZARD, "screens__review_80x24", "contrast"),
    ("consent", WIZARD, "screens__over_consent_80x24", "terminal"),
    ("apply", WIZARD, "screens__apply_80x24", "terminal"),
    ("apply-put-back", WIZARD, "screens__apply_put_back_80x24", "terminal"),
    ("registration", WIZARD, "screens__registration_80x24", "terminal"),
    ("verification", WIZARD, "screens__verification_good_80x24", "terminal"),
    ("done", WIZARD, "screens__done_80x24", "terminal"),
    ("console-requests", CONSOLE, "screens__requests_80x24", "terminal"),
    ("console-components", CONSOLE, "screens__components_80x24", "terminal"),
    ("console-refuse", CONSOLE, "screens__over_refuse_80x24", "terminal"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    fs::create_dir_all(root().join(PICTURES))?;
    for (picture, module, snapshot, theme) in ALL {
        let path = file(picture);
        fs::write(&path, draw(*module, snapshot, theme)?)?;
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

fn draw((module, prefix): (&str, &str), snapshot: &str, theme: &str) -> io::Result<String> {
    let path = root().join(module).join(SNAPSHOTS).join(format!("{prefix}{snapshot}.snap"));
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
        for (picture, module, snapshot, theme) in ALL {
            let drawn = draw(*module, snapshot, theme).expect("a snapshot");
            let found = fs::read_to_string(file(picture)).unwrap_or_default();
            assert!(found == drawn, "{picture}.svg is stale: cargo run --example pictures, and look at the change");
        }
        let here = fs::read_dir(root().join(PICTURES)).expect("pictures").count();
        assert_eq!(here, ALL.len(), "docs/pictures holds what nobody draws");
    }
}
