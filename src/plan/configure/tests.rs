//! What is planned for which change, in the words of the plan.

use std::path::Path;

use super::*;
use crate::estate::record::Authority;
use crate::plan::diff;

const ALL: [&str; 5] = ["passport", "integrator", "interchange", "b2bi", "b2bi-server"];
const CONFIG: &str = "# ours\nhost = \"localhost\"\nlisten = \"127.0.0.1\"\nhttps_port = 6453\nclient_auth_port = 6666\n\
                      domain = \"Synchrony\" # kept\n";

fn settings(components: &[&str]) -> Settings {
    Settings {
        label: String::new(),
        certificate: String::new(),
        dir: "/e".into(),
        components: components.iter().map(|id| (*id).to_owned()).collect(),
        authority: Authority {
            kind: "embedded".into(),
            host: "localhost".into(),
            https_port: 6453,
            client_auth_port: 6666,
            domain: "Synchrony".into(),
        },
        csd: "csd.xml".into(),
        listen: "127.0.0.1".into(),
        system_password_from: "generate".into(),
        gateway_listen: "127.0.0.1:6180".into(),
        repositories: None,
        certificates: BTreeMap::new(),
    }
}

fn found(components: &[&str], running: &[&str]) -> Found {
    let told = [("host", "localhost"), ("https_port", "6453"), ("client_auth_port", "6666"), ("domain", "Synchrony")];
    let told = told.map(|(word, value)| (word.to_owned(), value.to_owned()));
    let client = |engine: &str, serial: &str| {
        let id = engine.to_lowercase();
        let keystore = format!("/e/b2bi/{engine}/conf/keystore_{id}_localhost_6666.jks");
        let serials = BTreeMap::from([(keystore.into(), serial.to_owned())]);
        (id, Client { serials, told: Some(told.clone().into()) })
    };
    let estate = settings(components).estate();
    let mut texts = BTreeMap::from([
        ("/e/answers.toml".into(), "# answers\n".to_owned()),
        ("/e/estate.toml".into(), estate.to_toml()),
        ("/e/passport/conf/passport.toml".into(), CONFIG.to_owned()),
    ]);
    for engine in ["Integrator", "Interchange"] {
        let file = "conf/passportintegrationdefaults.xml";
        let asset = crate::estate::assets::text(&format!("b2bi/{engine}/{file}")).expect("an asset");
        texts.insert(format!("/e/b2bi/{engine}/{file}").into(), asset.to_owned());
    }
    Found {
        estate,
        running: running.iter().map(|id| (*id).to_owned()).collect(),
        texts,
        clients: [client("Integrator", "a1"), client("Interchange", "b2")].into(),
        known: Vec::new(),
    }
}

fn made(found: &Found, settings: &Settings, record: &str, secret: Option<&NewSecret>) -> Plan {
    configure(found, settings, record, secret.map(|secret| (secret, 60)), "c-1").expect("planned")
}

fn told(plan: &Plan) -> Vec<String> {
    let finish = plan.finish.iter().map(|step| format!("then {}", step.describe(Path::new("/e"))));
    plan.steps.iter().map(|step| step.describe(Path::new("/e"))).chain(finish).collect()
}

fn change() -> NewSecret {
    let socket = "/e/passport/run/admin.sock".into();
    NewSecret::Here(Change { socket, name: "c-1".into(), current: "s-1".into() })
}

#[test]
fn another_port_renames_the_keystores_and_registers_anew() {
    let mut settings = settings(&ALL);
    settings.authority.client_auth_port = 7666;
    let plan = made(&found(&ALL, &ALL[..3]), &settings, "# new\n", None);
    assert_eq!(
        told(&plan),
        [
            "Stop Interchange",
            "Stop Integrator",
            "Stop PassPort",
            "Change passport/conf/passport.toml",
            "Start PassPort",
            "Tell Integrator where PassPort is",
            "Remove b2bi/Integrator/conf/keystore_integrator_localhost_6666.jks",
            "Remove b2bi/Integrator/conf/keystore_integrator_localhost_6666.jks.pass",
            "Remove b2bi/Integrator/conf/keystore_integrator_localhost_6666.jks.lock",
            "Tell Interchange where PassPort is",
            "Remove b2bi/Interchange/conf/keystore_interchange_localhost_6666.jks",
            "Remove b2bi/Interchange/conf/keystore_interchange_localhost_6666.jks.pass",
            "Remove b2bi/Interchange/conf/keystore_interchange_localhost_6666.jks.lock",
            "Change answers.toml",
            "Change estate.toml",
            "Register Integrator",
            "Register Interchange",
            "Start Integrator",
            "Start Interchange",
            "Check every place",
            "Verify the estate",
            "then Revoke the earlier certificate of integrator",
            "then Revoke the earlier certificate of interchange",
            "then Remove journal/removed-c-1 for good",
        ]
    );
    let shown = diff::render(&plan);
    assert!(
        shown.contains("-client_auth_port = 6666\n+client_auth_port = 7666\n domain = \"Synchrony\" # kept"),
        "{shown}"
    );
    let Some(Step::Connect { command, back, .. }) = plan.steps.iter().find(|step| matches!(step, Step::Connect { .. }))
    else {
        panic!("nobody is told")
    };
    assert!(command.contains(&"7666".to_owned()) && back.contains(&"6666".to_owned()));
    assert_eq!(plan.running.len(), 3);
    let keeps = plan.steps.iter().filter_map(|step| match step {
        Step::Register { keep, .. } => Some(keep.concat()),
        _ => None,
    });
    assert_eq!(keeps.collect::<Vec<_>>(), ["a1", "b2"]);
}

fn with_gateway(settings: Settings) -> Settings {
    let text = "format = 1\n[authority]\nhost = \"localhost\"\nhttps_port = 6453\nclient_auth_port = 6666\n\
                domain = \"Synchrony\"\n[repositories.a]\n[repositories.b]\nclient_auth_port = 6666\n";
    Settings { repositories: Some(std::sync::Arc::new(toml::from_str(text).expect("repositories"))), ..settings }
}

#[test]
fn a_gateway_is_told_in_its_file_and_a_repository_with_a_port_of_its_own_keeps_it() {
    let both = ["passport", "api-gateway"];
    let mut found = found(&both, &both);
    let serials = BTreeMap::from(["a", "b"].map(|name| {
        let conf = "/e/api-gateway/groups/group-1/conf";
        (format!("{conf}/keystore_{name}_localhost_6666.jks").into(), format!("0{name}"))
    }));
    found.clients = BTreeMap::from([("api-gateway".to_owned(), Client { serials, told: None })]);
    let mut settings = with_gateway(settings(&both));
    settings.authority.client_auth_port = 7666;
    let plan = made(&found, &settings, "# new\n", None);
    assert_eq!(
        told(&plan)[..7],
        [
            "Stop API Gateway",
            "Stop PassPort",
            "Change passport/conf/passport.toml",
            "Start PassPort",
            "Change api-gateway/groups/group-1/conf/repositories.toml",
            "Remove api-gateway/groups/group-1/conf/keystore_a_localhost_6666.jks",
            "Remove api-gateway/groups/group-1/conf/keystore_a_localhost_6666.jks.pass",
        ]
    );
    let registered: Vec<&Step> = plan.steps.iter().filter(|step| matches!(step, Step::Register { .. })).collect();
    let [Step::Register { name, command, keep, .. }] = registered[..] else { panic!("one registration") };
    assert_eq!((name.as_str(), command.last().map(String::as_str)), ("API Gateway (a)", Some("a")));
    assert_eq!(keep.concat(), "0a0b", "the other repository's certificate stays good when this is undone");
    let revoked = plan.finish.iter().filter_map(|step| match step {
        Step::Revoke { serial, .. } => Some(serial.as_str()),
        _ => None,
    });
    assert_eq!(revoked.collect::<Vec<_>>(), ["0a"]);
    let shown = diff::render(&plan);
    assert!(shown.contains("-authority/client_auth_port = 6666\n+authority/client_auth_port = 7666\n"), "{shown}");
}

#[test]
fn a_gateway_is_added_with_its_repositories() {
    let both = ["passport", "api-gateway"];
    let only = found(&both[..1], &both[..1]);
    let steps = told(&made(&only, &with_gateway(settings(&both)), "# new\n", None));
    assert_eq!(
        steps,
        [
            "Make API Gateway's home api-gateway with 3 folders",
            "Write api-gateway/groups/group-1/conf/gateway.toml",
            "Write api-gateway/groups/group-1/conf/csd.xml",
            "Write api-gateway/groups/group-1/conf/repositories.toml with the secret",
            "Import the CSD of api-gateway into PassPort",
            "Change answers.toml",
            "Change estate.toml",
            "Register API Gateway (a)",
            "Register API Gateway (b)",
            "Start API Gateway",
            "Check every place",
            "Verify the estate",
        ]
    );
}

#[test]
fn what_is_no_part_of_the_name_leaves_the_keystores_alone() {
    let mut settings = settings(&ALL);
    settings.authority.domain = "Elsewhere".into();
    let steps = told(&made(&found(&ALL, &ALL[..3]), &settings, "# new\n", None));
    assert!(
        !steps.iter().any(|step| step.contains("keystore") || step.contains("Register") || step.starts_with("then"))
    );
    assert!(steps.contains(&"Tell Interchange where PassPort is".to_owned()));
}

#[test]
fn another_address_to_listen_on_is_the_authoritys_alone() {
    let settings = Settings { listen: "0.0.0.0".into(), ..settings(&ALL) };
    assert_eq!(
        told(&made(&found(&ALL, &ALL[..3]), &settings, "# new\n", None)),
        [
            "Stop PassPort",
            "Change passport/conf/passport.toml",
            "Start PassPort",
            "Change answers.toml",
            "Check every place",
            "Verify the estate",
        ]
    );
}

#[test]
fn only_the_record_changes_where_nobody_reads_the_answer() {
    let settings = Settings { csd: "other.xml".into(), ..settings(&ALL) };
    assert_eq!(told(&made(&found(&ALL, &[]), &settings, "# new\n", None)), ["Change answers.toml"]);
    assert!(made(&found(&ALL, &[]), &settings, "# answers\n", None).is_empty());
}

#[test]
fn an_engine_that_never_started_is_told_in_its_file_and_stays_stopped() {
    let mut settings = settings(&ALL);
    settings.authority.host = "127.0.0.1".into();
    let mut found = found(&ALL, &["passport", "interchange"]);
    found.clients.insert("integrator".into(), Client::default());
    let steps = told(&made(&found, &settings, "# new\n", None));
    assert!(steps.contains(&"Change b2bi/Integrator/conf/passportintegrationdefaults.xml".to_owned()), "{steps:#?}");
    assert!(!steps.contains(&"Tell Integrator where PassPort is".to_owned()));
    assert!(!steps.contains(&"Start Integrator".to_owned()) && steps.contains(&"Start Interchange".to_owned()));
    assert!(
        steps.contains(&"Probe integrator-keystore".to_owned())
            && steps.contains(&"Probe interchange-ready".to_owned())
    );
    assert!(!steps.contains(&"Verify the estate".to_owned()) && !steps.contains(&"Probe b2bi-document".to_owned()));
}

#[test]
fn a_group_comes_and_goes_whole() {
    let only = found(&ALL[..1], &ALL[..1]);
    let steps = told(&made(&only, &settings(&ALL), "# new\n", None));
    assert_eq!(steps[0], "Make B2Bi Server's home b2bi with 10 folders");
    assert_eq!(
        steps[steps.len() - 10..],
        [
            "Import the CSD of integrator into PassPort",
            "Import the CSD of interchange into PassPort",
            "Change answers.toml",
            "Change estate.toml",
            "Register Integrator",
            "Register Interchange",
            "Start Integrator",
            "Start Interchange",
            "Check every place",
            "Verify the estate",
        ]
    );
    assert!(!steps.contains(&"Stop PassPort".to_owned()));
    assert_eq!(
        told(&made(&found(&ALL, &ALL[..3]), &settings(&ALL[..1]), "# new\n", None)),
        [
            "Stop Interchange",
            "Stop Integrator",
            "Remove b2bi",
            "Change answers.toml",
            "Change estate.toml",
            "Check every place",
            "Verify the estate",
            "then Remove integrator from PassPort",
            "then Remove interchange from PassPort",
            "then Remove journal/removed-c-1 for good",
        ]
    );
}

#[test]
fn a_component_that_the_authority_knows_is_not_imported_since_undoing_would_remove_it() {
    let mut only = found(&ALL[..1], &ALL[..1]);
    only.known =
        crate::profile::component("integrator").and_then(|(_, one)| one.identity.clone()).into_iter().collect();
    let steps = told(&made(&only, &settings(&ALL), "# new\n", None));
    assert!(!steps.contains(&"Import the CSD of integrator into PassPort".to_owned()));
    assert!(steps.contains(&"Import the CSD of interchange into PassPort".to_owned()));
}

#[test]
fn a_secret_alone_overlaps_and_with_anything_else_it_cuts_over() {
    let found = found(&ALL, &ALL[..3]);
    let alone = made(&found, &settings(&ALL), "# answers\n", Some(&change()));
    assert_eq!(alone.act, "configure");
    assert_eq!(told(&alone)[0], "Have PassPort accept the next secret beside the current one");
    assert!(!told(&alone).iter().any(|step| step.contains("Stop")));
    let mut settings = settings(&ALL);
    settings.authority.domain = "Elsewhere".into();
    let steps = told(&made(&found, &settings, "# new\n", Some(&change())));
    let at = |text: &str| steps.iter().position(|step| step == text).unwrap_or_else(|| panic!("no {text}: {steps:#?}"));
    assert!(at("Stop Integrator") < at("Set the new secret at PassPort in place of the old one"));
    assert!(at("Set the new secret at PassPort in place of the old one") < at("Write the new secret for Integrator"));
    assert!(at("Write the new secret for Interchange") < at("Start Integrator"));
    assert_eq!(steps.last().map(String::as_str), Some("then Retire the secret that was replaced"));
}

#[test]
fn a_settings_file_that_is_not_understood_is_named() {
    let mut settings = settings(&ALL);
    settings.authority.domain = "Elsewhere".into();
    let mut found = found(&ALL, &ALL[..3]);
    found.texts.insert("/e/passport/conf/passport.toml".into(), "host = \"x".into());
    let refused = configure(&found, &settings, "", None, "c-1").expect_err("broken");
    assert_eq!(refused, "passport/conf/passport.toml is not valid TOML");
    found.texts.remove(Path::new("/e/passport/conf/passport.toml"));
    let refused = configure(&found, &settings, "", None, "c-1").expect_err("gone");
    assert_eq!(refused, "passport/conf/passport.toml is not there");
}
