//! What others see of a finished installation: Java's keytool and OpenSSL are the judges.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::estate::{Ended, TestEstate, ended, tool};

fn keystore(estate: &TestEstate, engine: &str) -> (PathBuf, String) {
    let folder = format!("{}{}", engine[..1].to_uppercase(), &engine[1..]);
    let name = format!("keystore_{engine}_localhost_{}.jks", estate.client_auth_port);
    let path = estate.path(&format!("b2bi/{folder}/conf/{name}"));
    let password = std::fs::read_to_string(path.with_extension("jks.pass")).expect("its password").trim().to_owned();
    (path, password)
}

#[test]
fn keytool_sees_one_private_key_with_a_chain_of_two() {
    let estate = TestEstate::installed();
    for engine in ["integrator", "interchange"] {
        let (path, password) = keystore(&estate, engine);
        let path = path.to_str().expect("UTF-8");
        let list = tool(
            "keytool",
            "default-jdk-headless",
            &["-list", "-v", "-storetype", "JKS", "-keystore", path, "-storepass", &password],
        );
        assert_eq!(list.code, 0, "{list:#?}");
        assert!(list.stdout.contains("Your keystore contains 1 entry"), "{}", list.stdout);
        assert!(list.stdout.contains("Entry type: PrivateKeyEntry"), "{}", list.stdout);
        assert!(list.stdout.contains("Certificate chain length: 2"), "{}", list.stdout);
    }
}

#[test]
fn openssl_is_let_in_at_the_client_authentication_port_only_with_the_keystores_certificate() {
    let estate = TestEstate::installed();
    let (path, password) = keystore(&estate, "interchange");
    let pem = estate.folder().join("client.pem");
    export(path.to_str().expect("UTF-8"), &password, pem.to_str().expect("UTF-8"));

    let without = request(&estate, &[]);
    assert!(!without.stdout.contains("HTTP/1.1"), "answered without a certificate: {}", without.stdout);
    let pem = pem.to_str().expect("UTF-8");
    let with = request(&estate, &["-cert", pem, "-key", pem]);
    assert!(with.stdout.contains("HTTP/1.1 200"), "{with:#?}");
}

/// Turns the keystore into PEM with Java's and OpenSSL's own tools.
pub fn export(keystore: &str, password: &str, pem: &str) {
    let p12 = format!("{pem}.p12");
    let import = ["-importkeystore", "-srckeystore", keystore, "-srcstoretype", "JKS", "-srcstorepass", password];
    let into = ["-destkeystore", &p12, "-deststoretype", "PKCS12", "-deststorepass", "changeit"];
    let converted = tool("keytool", "default-jdk-headless", &[&import[..], &into[..]].concat());
    assert_eq!(converted.code, 0, "{converted:#?}");
    let pass = ["-passin", "pass:changeit", "-nodes"];
    let exported = tool("openssl", "openssl", &[&["pkcs12", "-in", &p12, "-out", pem], &pass[..]].concat());
    assert_eq!(exported.code, 0, "{exported:#?}");
}

/// One HTTP request over `openssl s_client`, which reads until the server closes.
pub fn request(estate: &TestEstate, more: &[&str]) -> Ended {
    let address = format!("127.0.0.1:{}", estate.client_auth_port);
    let text = estate.folder().join("request");
    std::fs::write(&text, "GET /countersign/v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .expect("written");
    let mut command = Command::new("openssl");
    command.args(["s_client", "-connect", &address, "-quiet", "-ign_eof"]).args(more);
    ended(command.stdin(Stdio::from(std::fs::File::open(text).expect("opened"))))
}
