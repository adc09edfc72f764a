//! The estate's recorded answers follow what becomes of repositories.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::estate::{TestEstate, free_ports};

const SHIPPED: &str = include_str!("../../installer-assets/answers/with-gateway.toml");

struct Recorded {
    estate: TestEstate,
    /// The file that it was installed with.
    original: PathBuf,
    record: PathBuf,
}

impl Recorded {
    /// A PassPort and a gateway with the two repositories of the shipped file, and nothing else.
    fn new() -> Self {
        let estate = TestEstate::new();
        let original = estate.folder().join("original.toml");
        let (before, behind) = SHIPPED.split_once("components = ").expect("its components");
        let (_, behind) = behind.split_once('\n').expect("a line");
        let [listen, _] = free_ports();
        let text = format!("{before}components = [\"passport\", \"api-gateway\"]\n{behind}")
            .replace(":6180", &format!(":{listen}"))
            .replace("\nhttps_port = 6453", &format!("\nhttps_port = {}", estate.https_port))
            .replace("\nclient_auth_port = 6666", &format!("\nclient_auth_port = {}", estate.client_auth_port));
        std::fs::write(&original, text).expect("written");
        let record = estate.path("answers.toml");
        let it = Self { estate, original, record };
        assert_eq!(it.given(&["install"], &it.original, 0)["result"], "done");
        it
    }

    /// The outcome of a verb with an answer file.
    fn given(&self, verb: &[&str], answers: &Path, expected: i32) -> Value {
        let with = ["--yes", "--answers", answers.to_str().expect("UTF-8")];
        let (code, outcome) = self.estate.json(&[verb, &with].concat());
        assert_eq!(code, expected, "{verb:?}: {outcome:#}");
        outcome
    }

    /// A verb of the gateway that succeeds; what it told on the way.
    fn gateway(&self, arguments: &[&str]) -> String {
        let ended = self.estate.run(&[&["gateway"], arguments].concat());
        assert_eq!(ended.code, 0, "{arguments:?}: {ended:#?}");
        ended.stderr
    }

    /// The record, of which there is nothing to do; it is as closed to others as before.
    fn text(&self) -> String {
        for verb in [&["install"][..], &["configure", "--set", "mode=configure"]] {
            let outcome = self.given(verb, &self.record, 0);
            assert_eq!(outcome["result"], "nothing to do", "{verb:?}: {outcome:#}");
        }
        assert_eq!(std::fs::metadata(&self.record).expect("there").mode() & 0o777, 0o600);
        std::fs::read_to_string(&self.record).expect("read")
    }

    /// What is said of the file that it was installed with.
    fn original(&self) -> String {
        let refused = self.given(&["install"], &self.original, 3);
        let [problem] = &refused["problems"].as_array().expect("problems")[..] else { panic!("{refused:#}") };
        problem.as_str().expect("text").to_owned()
    }
}

#[test]
fn the_recorded_answers_follow_what_becomes_of_repositories() {
    let it = Recorded::new();
    let first = it.text();
    let ca = it.estate.folder().join("ca.cer");
    let ca = ca.to_str().expect("UTF-8");
    assert_eq!(it.estate.run(&["passport", "certificate", "export", "ca", "--out", ca]).code, 0);

    it.gateway(&["add", "the third", "--address", "127.0.0.1", "--keystore", "pkcs12", "--certificate", ca]);
    let with_third = it.text();
    let table = format!(
        "[repositories.\"the third\"]\naddress = \"127.0.0.1\"\ncertificate = \"{ca}\"\nkeystore = \"pkcs12\"\n\
         secret = \"same\"\n"
    );
    assert!(with_third.contains(&table) && with_third.replace(&table, "").len() < with_third.len(), "{with_third}");
    let said = it.original();
    assert!(said.contains("these differ: repositories.\"the third\": give the same, as "), "{said}");
    it.gateway(&["add", "of others", "--elsewhere"]);
    assert_eq!(it.text(), with_third);

    it.gateway(&["rename", "PassPort - local", "renamed"]);
    let heading = |name: &str| format!("\n[repositories.{name}]\nhost = \"passport-host\"\n");
    assert_eq!(it.text(), with_third.replace(&heading("\"PassPort - local\""), &heading("renamed")));
    let said = it.original();
    let differ = "these differ: repositories.renamed, repositories.\"PassPort - local\", repositories.\"the third\": ";
    assert!(said.contains(differ) && said.contains("`countersign gateway add`"), "{said}");

    it.gateway(&["remove", "the third"]);
    it.gateway(&["remove", "of others"]);
    it.gateway(&["rename", "renamed", "PassPort - local"]);
    assert_eq!(it.text(), first);
    // What goes and comes again stands in another order, which is nothing to do either.
    it.gateway(&["remove", "PassPort - local"]);
    it.gateway(&["add", "PassPort - local", "--host", "passport-host", "--address", "127.0.0.1"]);
    let text = it.text();
    assert!(text.find("repositories.second") < text.find("repositories.\"PassPort - local\""), "{text}");
    assert_eq!(it.given(&["install"], &it.original, 0)["result"], "nothing to do");

    // The main act is done, whatever the record is.
    std::fs::write(&it.record, "format = 1\nnobody = \"knows\"\n").expect("written");
    let said = it.gateway(&["rename", "second", "another"]);
    let note = "countersign: done, but the recorded answers do not say so: ";
    assert!(said.contains(note) && said.contains("answers.toml:2:1: nobody is not known"), "{said}");
}
