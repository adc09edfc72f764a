//! A Java program that uses the keystores of our own registration for mutual TLS.

use std::path::Path;

use countersign::keystore::{self, Kind};
use countersign::registration::enrol::register;
use countersign::registration::signer::Signer;
use countersign::registration::site::Site;
use countersign::registration::state::State;
use tokio::process::Command;

use crate::fixture::{Authority, HOST, SECRET, integrator, secret};
use crate::keystore::{Folder, keytool, text};

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interop/MutualTls.java");

/// The repository of the manual's example, at an authority whose host's name resolves nowhere.
fn site(authority: &Authority, conf: &Path, kind: Kind) -> Site {
    Site {
        conf: conf.into(),
        repository: "PassPort - local".into(),
        host: "passport-host".into(),
        address: HOST.parse().ok(),
        https_port: authority.https_port,
        client_auth_port: authority.client_auth_port,
        kind,
        identity: integrator(),
    }
}

/// What the program said of the page it asked for.
async fn ask(site: &Site, kind: &str, keystore: &Path) -> Result<String, String> {
    let url = format!("https://localhost:{}/countersign/v1/status", site.client_auth_port);
    let mut java = Command::new("java");
    java.arg(PROGRAM).args([keystore, kind.as_ref(), &site.password_file()]).arg(url);
    let output = java.output().await.expect("java is missing: apt-get install default-jdk-headless");
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(said(&output.stdout)) } else { Err(said(&output.stderr)) }
}

#[tokio::test]
async fn java_talks_mutual_tls_with_the_keystores_that_registration_makes() {
    let authority = Authority::ready().await;
    let folder = Folder::new();
    for kind in [Kind::Jks, Kind::Pkcs12] {
        let site = site(&authority, &folder.path(""), kind);
        let registered = register(&site, &Signer::Ours, &secret(SECRET)).await.expect("answered");
        assert_eq!(registered.state, State::Registered);
        let keystore = site.keystore();
        let name = format!("keystore_PassPort___local_passport_host_{}.{}", site.client_auth_port, kind.extension());
        assert_eq!(keystore.file_name().and_then(|name| name.to_str()), Some(name.as_str()));
        let java = match kind {
            Kind::Jks => "JKS",
            Kind::Pkcs12 => "PKCS12",
        };

        let pass = site.password_file();
        let listed =
            keytool(&["-list", "-storetype", java, "-keystore", text(&keystore), "-storepass:file", text(&pass)]);
        assert!(listed.contains("passport - local, ") && listed.contains("PrivateKeyEntry"), "{listed}");
        let answer = ask(&site, java, &keystore).await.expect("answered");
        assert!(answer.starts_with("passport - local 200 ") && answer.contains("passport"), "{answer}");
    }
}

#[tokio::test]
async fn a_keystore_turned_into_the_other_kind_serves_java_as_well_and_a_stranger_s_does_not() {
    let authority = Authority::ready().await;
    let folder = Folder::new();
    let site = site(&authority, &folder.path(""), Kind::Jks);
    register(&site, &Signer::Ours, &secret(SECRET)).await.expect("answered");
    let password = std::fs::read_to_string(site.password_file()).expect("a password");
    let contents = keystore::open(&site.keystore()).expect("opens").expect("there");
    let turned = folder.path("turned.p12");
    let bytes = keystore::write(&contents, Kind::Pkcs12, &secret(password.trim_end())).expect("written");
    std::fs::write(&turned, &*bytes).expect("written");

    let answer = ask(&site, "PKCS12", &turned).await.expect("answered");
    assert!(answer.contains(" 200 "), "{answer}");

    authority.act(serde_json::json!({ "do": "forget", "identity": integrator() })).await.expect("forgotten");
    let refused = ask(&site, "PKCS12", &turned).await;
    assert!(!refused.as_ref().is_ok_and(|answer| answer.contains(" 200 ")), "{refused:?}");
}
