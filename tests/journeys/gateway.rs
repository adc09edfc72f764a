//! API Gateway as a part of the estate, from its installation with two repositories to its removal.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::estate::{TestEstate, free_ports};

/// The answer file that the how-to uses.
const WITH_GATEWAY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/installer-assets/answers/with-gateway.toml");
const CONF: &str = "api-gateway/groups/group-1/conf";
const REPOSITORIES: &str = "api-gateway/groups/group-1/conf/repositories.toml";
const PID: &str = "api-gateway/run/api-gateway.pid";

fn listen() -> String {
    let [port, _] = free_ports();
    format!("gateway.listen=127.0.0.1:{port}")
}

fn installed() -> TestEstate {
    let estate = TestEstate::new();
    let ended = estate.install_with(WITH_GATEWAY.as_ref(), &["--set", &listen()]);
    assert_eq!(ended.code, 0, "{ended:#?}");
    estate
}

fn done(estate: &TestEstate, verb: &[&str]) -> Value {
    let (code, outcome) = estate.json(verb);
    assert_eq!((code, &outcome["result"]), (0, &json!("done")), "{outcome:#}");
    outcome
}

fn configured(estate: &TestEstate, set: &[&str]) -> (i32, Value) {
    let flags = set.iter().flat_map(|set| ["--set", set]);
    estate.json(&["configure", "--yes"].into_iter().chain(flags).collect::<Vec<_>>())
}

/// Verified, registered and aligned, with this many repositories.
fn all_is_well(estate: &TestEstate, repositories: &[&str]) {
    let (code, verify) = estate.json(&["verify"]);
    assert_eq!((code, &verify["ok"]), (0, &json!(true)), "{verify:#}");
    for id in ["api-gateway-keystore", "api-gateway-ready"] {
        let probes = verify["probes"].as_array().expect("a list");
        assert_eq!(probes.iter().find(|probe| probe["id"] == id).expect("asked")["verdict"], "ok", "{verify:#}");
    }
    let (code, check) = estate.json(&["check"]);
    assert_eq!((code, &check["aligned"]), (0, &json!(true)), "{check:#}");
    let all = check["places"].as_array().expect("a list").iter();
    let places: Vec<&str> =
        all.filter(|one| one["component"] == "api-gateway").filter_map(|one| one["place"].as_str()).collect();
    let mut expected: Vec<String> = repositories.iter().map(|name| format!("{REPOSITORIES} ({name})")).collect();
    expected.push("process".to_owned());
    assert_eq!(places, expected);
    let (_, status) = estate.json(&["status"]);
    let row = status["components"].as_array().expect("a list").iter().find(|one| one["id"] == "api-gateway");
    let expected = json!({
        "id": "api-gateway", "process": "running", "registration": "Registered", "alignment": "aligned"
    });
    assert_eq!(row, Some(&expected));
}

/// The names of the keystores, sorted.
fn keystores(estate: &TestEstate) -> Vec<String> {
    let entries = std::fs::read_dir(estate.path(CONF)).expect("the folder").filter_map(Result::ok);
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let is_keystore = |name: &String| Path::new(name).extension().is_some_and(|end| end == "jks" || end == "p12");
    let mut names: Vec<String> = names.filter(is_keystore).collect();
    names.sort();
    names
}

/// What the conf folder holds, the locks apart.
fn conf(estate: &TestEstate) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(estate.path(CONF)).expect("the folder").filter_map(Result::ok);
    let read = entries.map(|entry| {
        (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap_or_default())
    });
    read.filter(|(name, _)| !name.to_lowercase().ends_with(".lock")).collect()
}

/// The secrets of all repositories.
fn secrets(estate: &TestEstate) -> Vec<String> {
    let text = std::fs::read_to_string(estate.path(REPOSITORIES)).expect("the file");
    let table: toml::Table = text.parse().expect("TOML");
    let all = table["repositories"].as_table().expect("a table");
    all.values().map(|one| one["secret"].as_str().expect("a secret").to_owned()).collect()
}

fn pid(estate: &TestEstate) -> String {
    std::fs::read_to_string(estate.path(PID)).expect("the gateway runs")
}

#[test]
fn a_gateway_with_two_repositories_lives_through_every_change() {
    let estate = installed();
    let both = ["PassPort - local", "second"];
    let port = estate.client_auth_port;
    all_is_well(&estate, &both);
    let names = |port: u16| {
        [format!("keystore_PassPort___local_passport_host_{port}.jks"), format!("keystore_second_localhost_{port}.jks")]
    };
    assert_eq!(keystores(&estate), names(port));
    let again = done_nothing(&estate);
    assert_eq!(again["changed"], false);

    // Another secret, with the gateway at work, and once more while it is stopped.
    let (before, process) = (secrets(&estate), pid(&estate));
    done(&estate, &["rotate", "--yes"]);
    let after = secrets(&estate);
    assert!(after[0] == after[1] && after[0] != before[0], "both hold the new secret");
    assert_eq!(pid(&estate), process, "it was restarted");
    all_is_well(&estate, &both);
    done(&estate, &["rotate", "--yes", "--strategy", "cutover"]);
    assert_ne!(secrets(&estate), after);
    all_is_well(&estate, &both);

    // Another port: both keystores get another name.
    let [other, _] = free_ports();
    let (code, outcome) = configured(&estate, &[&format!("authority.client_auth_port={other}")]);
    assert_eq!((code, &outcome["result"]), (0, &json!("done")), "{outcome:#}");
    assert_eq!(keystores(&estate), names(other));
    all_is_well(&estate, &both);

    // A change that fails is put back, and what was there before still works.
    let before = conf(&estate);
    let (code, outcome) = configured(&estate, &["authority.host=nowhere.invalid"]);
    assert_eq!((code, &outcome["result"], &outcome["changed"]), (1, &json!("put back"), &json!(false)), "{outcome:#}");
    let after = conf(&estate);
    assert!(before == after, "{:?} {:?}", before.keys(), after.keys());
    all_is_well(&estate, &both);

    let (code, registered) = estate.json(&["register", "api-gateway", "--again"]);
    assert_eq!((code, &registered["status"]), (0, &json!("Registered")), "{registered:#}");
    assert_eq!(registered["repositories"].as_array().map(Vec::len), Some(2), "{registered:#}");

    // The answers do not change what the gateway's own verbs do.
    let (code, refused) = configured(&estate, &["repository-2.host=elsewhere"]);
    let said = refused["problems"][0].as_str().unwrap_or_default();
    assert!(code == 3 && said.contains("countersign gateway add"), "{refused:#}");

    assert_eq!(estate.run(&["uninstall", "--yes"]).code, 0);
    assert!(!estate.path("api-gateway").exists() && !estate.path("estate.toml").exists());
}

/// The same answers once more.
fn done_nothing(estate: &TestEstate) -> Value {
    let answers = estate.path("answers.toml");
    let (code, again) = estate.json(&["install", "--yes", "--answers", answers.to_str().expect("UTF-8")]);
    assert_eq!((code, &again["result"]), (0, &json!("nothing to do")), "{again:#}");
    again
}

#[test]
fn a_gateway_comes_to_an_installed_estate_and_goes_again() {
    let estate = TestEstate::installed();
    let change = estate.folder().join("change.toml");
    let [port, _] = free_ports();
    let text = format!(
        "format = 1\nmode = \"configure\"\n\
         components = [\"passport\", \"integrator\", \"interchange\", \"b2bi\", \"b2bi-server\", \"api-gateway\"]\n\
         [repositories.one]\nkeystore = \"pkcs12\"\n[gateway]\nlisten = \"127.0.0.1:{port}\"\n"
    );
    std::fs::write(&change, text).expect("written");
    done(&estate, &["configure", "--yes", "--answers", change.to_str().expect("UTF-8")]);
    all_is_well(&estate, &["one"]);
    assert_eq!(keystores(&estate), [format!("keystore_one_localhost_{}.p12", estate.client_auth_port)]);
    let (code, outcome) = configured(&estate, &["components=passport,integrator,interchange,b2bi,b2bi-server"]);
    assert_eq!((code, &outcome["result"]), (0, &json!("done")), "{outcome:#}");
    assert!(!estate.path("api-gateway").exists());
    assert_eq!(estate.json(&["verify"]).0, 0);
}

#[test]
fn an_installation_whose_second_repository_cannot_register_is_put_back() {
    let estate = TestEstate::new();
    let wrong = estate.folder().join("answers.toml");
    let text = std::fs::read_to_string(WITH_GATEWAY).expect("the answers");
    let text = text.replace("[repositories.second]\n", "[repositories.second]\nhost = \"nowhere.invalid\"\n");
    std::fs::write(&wrong, text).expect("written");
    let ended = estate.install_with(&wrong, &["--set", &listen(), "--json"]);
    let outcome: Value = serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:#?}"));
    assert_eq!((ended.code, &outcome["result"]), (1, &json!("put back")), "{outcome:#}");
    let reason = outcome["reason"].as_str().unwrap_or_default();
    assert!(reason.contains("API Gateway (second)") && reason.contains("nowhere.invalid"), "{reason}");
    assert!(!estate.path("api-gateway").exists() && !estate.path("passport").exists());
}
