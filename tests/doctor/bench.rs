//! An estate whose troubles are made and mended, and what the doctor says of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use countersign::doctor::codes::{Code, PAGE};
use serde_json::Value;

use crate::estate::TestEstate;

/// A finding that is expected: component, code, verdict.
pub type Row<'a> = (&'a str, Code, &'a str);

pub struct Bench {
    pub estate: TestEstate,
    seen: BTreeSet<Code>,
}

impl Bench {
    /// An installed estate, of which the doctor finds nothing.
    pub fn new() -> Self {
        let mut bench = Self::of(TestEstate::installed());
        bench.finds(&[], 0, &[("integrator", Code::Fine, "fine"), ("interchange", Code::Fine, "fine")]);
        bench
    }

    /// An estate as it is.
    pub fn of(estate: TestEstate) -> Self {
        Self { estate, seen: BTreeSet::new() }
    }

    /// Runs the doctor, who must find exactly this; the findings, in the same order.
    pub fn finds(&mut self, arguments: &[&str], exit: i32, rows: &[Row<'_>]) -> Vec<Value> {
        let (code, report) = self.estate.json(&[&["doctor"], arguments].concat());
        let findings = report["findings"].as_array().cloned().unwrap_or_else(|| panic!("{report:#}"));
        let text = |finding: &Value, key: &str| finding[key].as_str().expect("text").to_owned();
        let found: Vec<[String; 3]> =
            findings.iter().map(|one| ["component", "code", "verdict"].map(|key| text(one, key))).collect();
        let expected: Vec<[String; 3]> = rows
            .iter()
            .map(|(component, code, verdict)| [(*component).to_owned(), code.to_string(), (*verdict).to_owned()])
            .collect();
        assert_eq!(found, expected, "{report:#}");
        assert_eq!((code, &report["ok"]), (exit, &Value::from(exit == 0)), "{report:#}");
        for finding in &findings {
            let docs = text(finding, "docs");
            let anchor = docs.strip_prefix(PAGE).expect("on the page").trim_start_matches('#').to_owned();
            assert_eq!(anchor, text(finding, "code").to_lowercase());
            assert!(
                !text(finding, "remedy").contains(['{', '}']) && !text(finding, "detail").is_empty(),
                "{finding:#}"
            );
        }
        self.seen.extend(rows.iter().map(|(_, code, _)| *code));
        findings
    }

    /// The same of one component, whose detail must hold these words.
    pub fn tells(&mut self, component: &str, exit: i32, code: Code, verdict: &str, words: &str) {
        let found = self.finds(&[component], exit, &[(component, code, verdict)]);
        let detail = found[0]["detail"].as_str().expect("text");
        assert!(detail.contains(words), "{detail} does not say {words:?}");
    }

    /// At the end: all of these were seen, and nothing is wrong any more.
    pub fn ended(&mut self, provoked: &[Code]) {
        let expected: BTreeSet<Code> = provoked.iter().copied().collect();
        assert_eq!(expected.difference(&self.seen).collect::<Vec<_>>(), Vec::<&Code>::new(), "not provoked");
    }

    /// Runs a verb that must end with this code.
    pub fn run(&self, arguments: &[&str], exit: i32) -> String {
        let ended = self.estate.run(arguments);
        assert_eq!(ended.code, exit, "{arguments:?}: {ended:#?}");
        ended.stdout + &ended.stderr
    }

    /// A file of the Integrator's keystore folder; with nothing behind its name, the keystore.
    pub fn keystore(&self, behind: &str) -> PathBuf {
        let name = format!("keystore_integrator_localhost_{}.jks{behind}", self.estate.client_auth_port);
        self.estate.path("b2bi/Integrator/conf").join(name)
    }

    /// Goes on while the estate's record says something else.
    pub fn while_recorded<T>(&mut self, changes: &[(&str, String)], look: impl FnOnce(&mut Self) -> T) -> T {
        self.while_changed(
            &self.estate.path("estate.toml"),
            |text| {
                changes.iter().fold(text.to_owned(), |text, (from, to)| {
                    assert!(text.contains(from), "{text}");
                    text.replace(from, to)
                })
            },
            look,
        )
    }

    /// Goes on while a file holds something else.
    pub fn while_changed<T>(
        &mut self,
        path: &Path,
        change: impl FnOnce(&str) -> String,
        look: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = std::fs::read(path).expect("readable");
        std::fs::write(path, change(&String::from_utf8_lossy(&before))).expect("written");
        let seen = look(self);
        std::fs::write(path, before).expect("written");
        seen
    }

    /// The setting of the HTTPS port in the estate's record, and another one.
    pub fn https_port(&self, other: u16) -> (&'static str, String) {
        let setting = format!("https_port = {}", self.estate.https_port);
        (Box::leak(setting.into_boxed_str()), format!("https_port = {other}"))
    }
}
