#![allow(missing_docs)]
use std::path::PathBuf;
pub struct Scope {
    pub json: bool,
    pub dir: PathBuf,
}
impl Scope {
    pub fn dir(&self) -> PathBuf {
        self.dir.clone()
    }
    pub fn print(&self, text: &str, value: &impl serde::Serialize) {
        if self.json {
            println!("{}", serde_json::to_string_pretty(value).unwrap_or_default());
        } else {
            println!("{text}");
        }
    }
    pub fn note(&self, line: &str) {
        eprintln!("{line}");
    }
}
