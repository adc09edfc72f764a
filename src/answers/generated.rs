//! Pages of `docs/` that are made from the code: compared by a test, or written anew by it.

use std::path::Path;

/// Fails when a page of the repository is not what the code says. With `COUNTERSIGN_REGENERATE=1` in the environment it
/// writes the page instead.
///
/// # Panics
/// When the page is stale or cannot be written.
pub fn assert_fresh(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("COUNTERSIGN_REGENERATE").is_some() {
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        std::fs::write(&file, text).expect("written");
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(found == text, "{path} is stale: run COUNTERSIGN_REGENERATE=1 cargo test --lib, and look at the change");
}
