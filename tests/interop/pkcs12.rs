//! PKCS#12 against Java's `keytool` and `openssl pkcs12`, both ways.

use std::path::Path;
use std::process::Command;

use countersign::keystore::{self, Contents, KeystoreError, Kind, TrustedEntry};
use countersign::secret::Secret;
use rcgen::{KeyPair, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::keystore::{Folder, key_entry, keytool, read, same_private_key, text, try_keytool};

const PASSWORD: &str = "a \"long\" ~enough password";
const BEYOND_ASCII: &str = "pässwörd€";

/// An RSA and an EC key with their chains, and two trusted certificates.
fn contents() -> Contents {
    let rsa = key_entry("Integrator", &KeyPair::generate_for(&PKCS_RSA_SHA256).expect("a key"));
    let p384 = key_entry("Interchange é😀", &KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).expect("a key"));
    let stranger = key_entry("stranger", &KeyPair::generate().expect("a key"));
    let trusted = |alias: &str, certificate: &[u8]| TrustedEntry {
        alias: alias.into(),
        created: rsa.created,
        certificate: certificate.into(),
    };
    let trusted = vec![trusted("ours", &rsa.chain[1]), trusted("theirs", &stranger.chain[1])];
    Contents { keys: vec![rsa, p384], trusted }
}

fn write(path: &Path, contents: &Contents) {
    let bytes = keystore::write(contents, Kind::Pkcs12, &Secret::new(PASSWORD.into())).expect("written");
    std::fs::write(path, &*bytes).expect("written");
}

/// A password in a file, for programs that take none in their arguments.
fn password_file(folder: &Folder, password: &str) -> String {
    let path = folder.path("password");
    std::fs::write(&path, format!("{password}\n")).expect("written");
    text(&path).to_owned()
}

/// Runs `openssl pkcs12` and returns what it wrote; it must succeed.
fn openssl(arguments: &[&str]) -> String {
    let run = Command::new("openssl").arg("pkcs12").args(arguments).env("LC_ALL", "C.UTF-8").output();
    let output = run.expect("openssl is missing: apt-get install openssl");
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl pkcs12 {arguments:?}: {failed}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn java_lists_exports_and_takes_over_what_we_write() {
    let folder = Folder::new();
    let (ours, copy, certificate) = (folder.path("ours.p12"), folder.path("copy.jks"), folder.path("out.cer"));
    let pass = password_file(&folder, PASSWORD);
    let contents = contents();
    write(&ours, &contents);
    let at = ["-storetype", "PKCS12", "-keystore", text(&ours), "-storepass:file", &pass];

    let listed = keytool(&[&["-list", "-v"], &at[..]].concat());
    assert!(listed.contains("Your keystore contains 4 entries"), "{listed}");
    assert_eq!(listed.matches("Entry type: PrivateKeyEntry").count(), 2, "{listed}");
    assert_eq!(listed.matches("Entry type: trustedCertEntry").count(), 2, "{listed}");
    assert_eq!(listed.matches("Certificate chain length: 2").count(), 2, "{listed}");
    assert!(listed.contains("Alias name: interchange é😀"), "{listed}");

    keytool(&[&["-exportcert", "-alias", "ours", "-file", text(&certificate)], &at[..]].concat());
    assert_eq!(std::fs::read(&certificate).expect("exported"), contents.trusted[0].certificate);

    // Importing decrypts and parses each key, checks it against its certificate, and encrypts it again.
    let from = ["-srcstoretype", "PKCS12", "-srckeystore", text(&ours), "-srcstorepass:file", &pass];
    let to = ["-deststoretype", "JKS", "-destkeystore", text(&copy), "-deststorepass:file", &pass];
    keytool(&[&["-importkeystore", "-noprompt"], &from[..], &to[..]].concat());
    let mut taken = read(&copy, PASSWORD);
    taken.keys.sort_by(|a, b| a.alias.cmp(&b.alias));
    for (taken, entry) in taken.keys.iter().zip(&contents.keys) {
        assert_eq!((&taken.alias, &taken.chain), (&entry.alias.to_lowercase(), &entry.chain));
        assert!(same_private_key(&taken.key, &entry.key));
    }
    assert_eq!((taken.keys.len(), taken.trusted.len()), (2, 2));
}

#[test]
fn we_read_what_java_17_and_java_8_write() {
    // What Java 8 had as its default, Java 17 still writes when it is told to: 3DES, RC2 with 40 bits, SHA-1.
    for legacy in [&[][..], &["-J-Dkeystore.pkcs12.legacy"]] {
        let folder = Folder::new();
        let (path, certificate) = (folder.path("java.p12"), folder.path("ca.cer"));
        let pass = password_file(&folder, PASSWORD);
        let trusted = key_entry("a", &KeyPair::generate().expect("a key")).chain[1].clone();
        std::fs::write(&certificate, &trusted).expect("written");
        let at = ["-storetype", "PKCS12", "-keystore", text(&path), "-storepass:file", &pass];
        let key = ["-genkeypair", "-keyalg", "EC", "-alias", "Gateway", "-dname", "CN=gateway"];
        let trust = ["-importcert", "-noprompt", "-alias", "CA é", "-file", text(&certificate)];
        for act in [&key[..], &trust[..]] {
            keytool(&[legacy, act, &at[..]].concat());
        }

        let contents = read(&path, PASSWORD);

        assert_eq!((contents.keys.len(), contents.trusted.len()), (1, 1));
        assert_eq!((contents.keys[0].alias.as_str(), contents.keys[0].chain.len()), ("gateway", 1));
        assert_eq!((contents.trusted[0].alias.as_str(), &contents.trusted[0].certificate), ("ca é", &trusted));
        let age = jiff::Timestamp::now().as_second() - contents.keys[0].created.as_second();
        assert!((0..600).contains(&age), "made {age} s ago");
        // What the key signs, its certificate proves: it is the right one.
        assert!(same_private_key(&contents.keys[0].key, &contents.keys[0].key));
        let bytes = std::fs::read(&path).expect("the file");
        assert!(matches!(keystore::read(&bytes, &Secret::new("another".into())), Err(KeystoreError::WrongPassword)));
    }
}

#[test]
fn openssl_opens_what_we_write() {
    let folder = Folder::new();
    let ours = folder.path("ours.p12");
    let from = format!("file:{}", password_file(&folder, PASSWORD));
    let mut contents = contents();
    contents.keys.truncate(1);
    write(&ours, &contents);

    let pem = openssl(&["-in", text(&ours), "-passin", &from, "-nodes"]);

    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).expect("a key");
    assert!(same_private_key(key.secret_der(), &contents.keys[0].key));
    let certificates = CertificateDer::pem_slice_iter(pem.as_bytes()).map(|der| der.expect("PEM").to_vec());
    let trusted = contents.trusted.iter().map(|entry| &entry.certificate);
    assert!(certificates.eq(contents.keys[0].chain.iter().chain(trusted).cloned()), "{pem}");
    assert!(pem.contains("friendlyName: integrator"), "{pem}");
}

#[test]
fn we_read_what_openssl_writes_now_and_wrote_before() {
    let ways: [&[&str]; 6] = [
        &[],
        &["-legacy"],
        &["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"],
        &["-keypbe", "AES-128-CBC", "-certpbe", "AES-192-CBC", "-macalg", "sha512", "-iter", "20000"],
        &["-keypbe", "DES-EDE3-CBC", "-certpbe", "NONE", "-macalg", "sha384"],
        &["-legacy", "-keypbe", "PBE-SHA1-2DES", "-certpbe", "PBE-SHA1-RC2-128"],
    ];
    for password in [PASSWORD, BEYOND_ASCII, "😀 кодовое слово"] {
        let folder = Folder::new();
        let (key, chain, path) = (folder.path("key.pem"), folder.path("chain.pem"), folder.path("theirs.p12"));
        let pair = KeyPair::generate().expect("a key");
        let entry = key_entry("a", &pair);
        std::fs::write(&key, pair.serialize_pem()).expect("written");
        let pem = entry.chain.iter().map(|der| x509_pem(der)).collect::<String>();
        std::fs::write(&chain, pem).expect("written");
        let pass = format!("file:{}", password_file(&folder, password));
        for way in ways {
            let make = ["-export", "-inkey", text(&key), "-in", text(&chain), "-name", "Gateway", "-out", text(&path)];
            openssl(&[&make[..], &["-passout", &pass], way].concat());

            let contents = read(&path, password);

            assert_eq!((contents.keys.len(), contents.trusted.len()), (1, 0), "{way:?}");
            assert_eq!(contents.keys[0].alias, "gateway");
            assert_eq!(contents.keys[0].chain, entry.chain, "{way:?}");
            assert!(same_private_key(&contents.keys[0].key, &entry.key), "{way:?}");
        }
    }
}

fn x509_pem(der: &[u8]) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line)).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

#[test]
fn a_password_beyond_ascii_is_refused_for_pkcs12_by_java_and_by_us() {
    let folder = Folder::new();
    let path = folder.path("java.p12");
    let pass = password_file(&folder, BEYOND_ASCII);
    let at = ["-storetype", "PKCS12", "-keystore", text(&path), "-storepass:file", &pass];

    let (said, succeeded) =
        try_keytool(&[&["-genkeypair", "-keyalg", "EC", "-alias", "a", "-dname", "CN=a"], &at[..]].concat());

    assert!(!succeeded && said.contains("Password is not ASCII"), "{said}");
    let ours = keystore::write(&contents(), Kind::Pkcs12, &Secret::new(BEYOND_ASCII.into()));
    assert!(matches!(ours, Err(KeystoreError::PasswordNotAscii)));
}
