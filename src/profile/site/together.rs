//! What the profiles of one estate must be together.

use std::path::PathBuf;

use crate::profile::Profile;
use crate::tree::{Collector, Problem, Problems};

/// The secret of a product that takes none.
const NONE: &str = "none";

/// What is wrong with these profiles in one estate; each comes with the name of its file.
pub(super) fn check(profiles: &[(PathBuf, Profile)]) -> Vec<Problem> {
    let mut found = Vec::new();
    for (at, (file, profile)) in profiles.iter().enumerate() {
        let mut problems = Collector::new(&file.display().to_string());
        let earlier = &profiles[..at];
        secret(profile, earlier, &mut problems);
        twice(profile, earlier, &mut problems);
        let Problems(mut of_file) = problems.finish();
        found.append(&mut of_file);
    }
    found
}

fn secret(profile: &Profile, earlier: &[(PathBuf, Profile)], problems: &mut Collector) {
    let product = &profile.product;
    if product.secret == NONE {
        let rule =
            format!("holds no shared secret, so there is nothing to change here; take the file out. {}", product.note);
        problems.note(None, &product.name, rule.trim_end());
        return;
    }
    let other =
        earlier.iter().find(|(_, other)| other.product.secret != NONE && other.product.secret != product.secret);
    if let Some((file, other)) = other {
        let rule = format!(
            "holds the secret {}, but {} in {} holds the secret {}: two different secrets are never mixed; \
             give each its own estate",
            product.secret,
            other.product.name,
            file.display(),
            other.product.secret
        );
        problems.note(None, &product.name, rule);
    }
}

fn twice(profile: &Profile, earlier: &[(PathBuf, Profile)], problems: &mut Collector) {
    if let Some((file, _)) = earlier.iter().find(|(_, other)| other.product.id == profile.product.id) {
        problems.note(None, "product.id", format!("is the same as in {}: a product is described once", file.display()));
        return;
    }
    for component in &profile.component {
        let same = |other: &Profile| other.component.iter().any(|theirs| theirs.id == component.id);
        if let Some((file, _)) = earlier.iter().find(|(_, other)| same(other)) {
            let rule =
                format!("has a component {} as {} has: an id stands for one component", component.id, file.display());
            problems.note(None, &profile.product.name, rule);
        }
    }
}
