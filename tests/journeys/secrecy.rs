//! The secret stands in its places and nowhere else.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::estate::TestEstate;

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("listed").filter_map(Result::ok) {
            let kind = entry.file_type().expect("its kind");
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found
}

fn holds(bytes: &[u8], secret: &str) -> bool {
    bytes.windows(secret.len()).any(|window| window == secret.as_bytes())
}

#[test]
fn the_secret_is_in_its_places_and_in_no_log_journal_argv_environment_or_open_file() {
    let estate = TestEstate::installed();
    let text =
        std::fs::read_to_string(estate.path("b2bi/Integrator/conf/passport-access.properties")).expect("a place");
    let line = text.lines().find(|line| line.starts_with("passport.shared.secret=")).expect("the key");
    let secret = line.split_once('=').expect("a value").1;
    assert_eq!(secret.len(), 32);

    let files = files_below(&estate.path(""));
    let holding: Vec<_> = files.iter().filter(|path| holds(&std::fs::read(path).expect("read"), secret)).collect();
    let expected = ["Integrator/conf/passport-access.properties", "Interchange/conf/passport-access.xml"];
    assert_eq!(holding.len(), expected.len(), "{holding:#?}");
    for path in expected {
        assert!(holding.contains(&&estate.path("b2bi").join(path)), "{path} does not hold it");
    }
    for path in files {
        let mode = std::fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} is open to others", path.display());
    }
    for pid in estate.pids() {
        for what in ["cmdline", "environ"] {
            let bytes = std::fs::read(format!("/proc/{pid}/{what}")).expect("read");
            assert!(!holds(&bytes, secret), "it is in {what} of process {pid}");
        }
        let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).expect("read");
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("the limit");
        assert!(core.split_whitespace().nth(4) == Some("0"), "core dumps are on: {core}");
    }
}
