//! Where an estate takes its secret from, and where it stands then.

use std::path::PathBuf;

use crate::estate::{QUICKSTART, TestEstate};

/// Below the estate: where the engines read the secret.
const PROPERTIES: &str = "b2bi/Integrator/conf/passport-access.properties";
const XML: &str = "b2bi/Interchange/conf/passport-access.xml";

/// All places, sorted.
pub fn all(estate: &TestEstate) -> Vec<PathBuf> {
    [PROPERTIES, XML].map(|place| estate.path(place)).into()
}

/// The secret that stands in them.
pub fn secret(estate: &TestEstate) -> String {
    let text = std::fs::read_to_string(estate.path(PROPERTIES)).expect("a place");
    let line = text.lines().find_map(|line| line.strip_prefix("passport.shared.secret="));
    line.expect("the key").to_owned()
}

/// An answer file beside the estate that takes the secret from this source.
pub fn answers_from(estate: &TestEstate, source: &str) -> PathBuf {
    let quickstart = std::fs::read_to_string(QUICKSTART).expect("the answers");
    let answers = quickstart.replace("\nfrom = \"generate\"", &format!("\nfrom = '{source}'"));
    let path = estate.folder().join("answers.toml");
    std::fs::write(&path, answers).expect("written");
    path
}
