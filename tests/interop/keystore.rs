//! JKS against Java's own `keytool`, and what the tests of PKCS#12 and of Java share with that.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use countersign::keystore::{self, Contents, KeyEntry, jks};
use countersign::secret::Secret;
use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256,
};

/// Runs keytool in UTF-8 and returns what it said; it must succeed.
pub fn keytool(arguments: &[&str]) -> String {
    let (said, succeeded) = try_keytool(arguments);
    assert!(succeeded, "keytool {arguments:?}: {said}");
    said
}

/// What keytool said, and whether it succeeded.
pub fn try_keytool(arguments: &[&str]) -> (String, bool) {
    let run = Command::new("keytool")
        .args(["-J-Duser.language=en", "-J-Dfile.encoding=UTF-8", "-J-Dsun.jnu.encoding=UTF-8"])
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .output();
    let output = match run {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            panic!("keytool is missing: apt-get install default-jdk-headless")
        }
        other => other.expect("keytool starts"),
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (said, output.status.success())
}

pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

pub fn text(path: &Path) -> &str {
    path.to_str().expect("a path that is text")
}

/// A key of this kind, with its certificate and the CA's.
pub fn key_entry(alias: &str, key: &KeyPair) -> KeyEntry {
    let ca_key = KeyPair::generate().expect("a key");
    let mut ca = CertificateParams::new(Vec::new()).expect("parameters");
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    // Chains are found by names.
    ca.distinguished_name.push(DnType::CommonName, format!("authority of {alias}"));
    let ca_certificate = ca.self_signed(&ca_key).expect("signed");
    let leaf = CertificateParams::new(vec!["localhost".to_owned()])
        .expect("parameters")
        .signed_by(key, &Issuer::new(ca, ca_key))
        .expect("signed");
    KeyEntry {
        alias: alias.into(),
        created: Timestamp::now(),
        key: key.serialize_der().into(),
        chain: vec![leaf.der().to_vec(), ca_certificate.der().to_vec()],
    }
}

#[test]
fn java_opens_what_we_store() {
    let folder = Folder::new();
    let path = folder.path("keystore_integrator_localhost_6666.jks");
    let entry = key_entry("Integrator", &KeyPair::generate().expect("a key"));
    keystore::store(&path, &entry, &Secret::new("a long enough password".into())).expect("stored");
    let beside = keystore::password_file(&path);

    let listed =
        keytool(&["-list", "-v", "-storetype", "JKS", "-keystore", text(&path), "-storepass:file", text(&beside)]);

    assert!(listed.contains("Your keystore contains 1 entry"), "{listed}");
    assert!(listed.contains("Alias name: integrator"), "{listed}");
    assert!(listed.contains("Entry type: PrivateKeyEntry"), "{listed}");
    assert!(listed.contains("Certificate chain length: 2"), "{listed}");
}

#[test]
fn java_unwraps_our_keys_of_every_kind() {
    let rsa = KeyPair::generate_for(&PKCS_RSA_SHA256).expect("a key");
    let p384 = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).expect("a key");
    for key in [KeyPair::generate().expect("a key"), p384, rsa] {
        let folder = Folder::new();
        let (path, copy) = (folder.path("ours.jks"), folder.path("copy.jks"));
        let entry = key_entry("Interchange", &key);
        keystore::store(&path, &entry, &Secret::new("changeit".into())).expect("stored");

        // Importing decrypts and parses the key, checks it against its certificate, and encrypts it again.
        keytool(&[
            "-importkeystore",
            "-noprompt",
            "-srcstoretype",
            "JKS",
            "-deststoretype",
            "JKS",
            "-srckeystore",
            text(&path),
            "-destkeystore",
            text(&copy),
            "-srcstorepass",
            "changeit",
            "-deststorepass",
            "changeit",
        ]);

        let contents = read(&copy, "changeit");
        assert_eq!(contents.keys[0].alias, "interchange");
        assert!(same_private_key(&contents.keys[0].key, &entry.key));
        assert_eq!(contents.keys[0].chain, entry.chain);
    }
}

/// Java may write the same key without the public half that PKCS#8 can carry, so the keys' public halves are compared.
pub fn same_private_key(a: &[u8], b: &[u8]) -> bool {
    let public = |der: &[u8]| {
        let der = rustls_pki_types::PrivatePkcs8KeyDer::from(der.to_vec());
        KeyPair::try_from(&der).expect("a key").public_key_raw().to_vec()
    };
    public(a) == public(b)
}

pub fn read(path: &Path, password: &str) -> Contents {
    let bytes = std::fs::read(path).expect("the file");
    keystore::read(&bytes, &Secret::new(password.into())).expect("readable")
}

/// Makes a keystore with keytool: one EC key, self-signed.
fn java_keystore(path: &Path, password_file: &Path) {
    keytool(&[
        "-genkeypair",
        "-storetype",
        "JKS",
        "-keyalg",
        "EC",
        "-alias",
        "Gateway",
        "-dname",
        "CN=gateway",
        "-keystore",
        text(path),
        "-storepass:file",
        text(password_file),
        "-keypass:file",
        text(password_file),
    ]);
}

#[test]
fn we_read_what_java_makes_and_say_when_the_password_is_wrong() {
    let folder = Folder::new();
    let (path, password_file) = (folder.path("java.jks"), folder.path("password"));
    std::fs::write(&password_file, "changeit\n").expect("written");
    java_keystore(&path, &password_file);

    let contents = read(&path, "changeit");

    assert_eq!((contents.keys.len(), contents.trusted.len()), (1, 0));
    assert_eq!(contents.keys[0].alias, "gateway");
    assert_eq!(contents.keys[0].chain.len(), 1);
    assert!(same_private_key(&contents.keys[0].key, &contents.keys[0].key));
    let bytes = std::fs::read(&path).expect("the file");
    assert!(jks::read(&bytes, &Secret::new("changeit ".into())).is_err());
}

#[test]
fn we_read_a_certificate_that_java_trusts() {
    let folder = Folder::new();
    let (path, certificate) = (folder.path("trust.jks"), folder.path("ca.cer"));
    let entry = key_entry("a", &KeyPair::generate().expect("a key"));
    std::fs::write(&certificate, &entry.chain[1]).expect("written");
    keytool(&[
        "-importcert",
        "-noprompt",
        "-storetype",
        "JKS",
        "-alias",
        "ca",
        "-file",
        text(&certificate),
        "-keystore",
        text(&path),
        "-storepass",
        "changeit",
    ]);

    let contents = read(&path, "changeit");

    assert!(contents.keys.is_empty());
    assert_eq!((contents.trusted[0].alias.as_str(), &contents.trusted[0].certificate), ("ca", &entry.chain[1]));
    assert!(jks::read(&jks::write(&contents, &Secret::new("other".into())), &Secret::new("other".into())).is_ok());
}

#[test]
fn passwords_beyond_ascii_open_both_ways() {
    for password in ["pässwörd€", "密码密码密码", "кодовое слово", "😀😀😀😀😀😀"] {
        let folder = Folder::new();
        let (ours, theirs) = (folder.path("ours.jks"), folder.path("theirs.jks"));
        let entry = key_entry("integrator", &KeyPair::generate().expect("a key"));
        keystore::store(&ours, &entry, &Secret::new(password.into())).expect("stored");
        let beside = keystore::password_file(&ours);

        let listed =
            keytool(&["-list", "-storetype", "JKS", "-keystore", text(&ours), "-storepass:file", text(&beside)]);
        java_keystore(&theirs, &beside);

        assert!(listed.contains("PrivateKeyEntry"), "{listed}");
        assert_eq!(read(&theirs, password).keys[0].alias, "gateway");
    }
}
