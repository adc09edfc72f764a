//! A gateway with several repositories: each is looked at by itself.

use std::path::{Path, PathBuf};

use countersign::doctor::codes::Code;

use crate::bench::Bench;
use crate::estate::{TestEstate, free_ports, kill_all};

pub const GATEWAY: [Code; 5] =
    [Code::MissingCsd, Code::WrongCertificate, Code::NameNotResolved, Code::WrongSecret, Code::PlaceUnreadable];

const ANSWERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/installer-assets/answers/with-gateway.toml");
const FIRST: &str = "PassPort - local";

/// The gateway's process; ended without a word when the test is over.
struct Process(PathBuf);

impl Drop for Process {
    fn drop(&mut self) {
        kill_all([self.0.clone()]);
    }
}

#[test]
fn each_repository_has_its_own_csd_certificate_address_and_secret() {
    let estate = TestEstate::new();
    let _process = Process(estate.path("api-gateway/run/api-gateway.pid"));
    let [listen, _] = free_ports();
    let listen = format!("gateway.listen=127.0.0.1:{listen}");
    let installed = estate.install_with(Path::new(ANSWERS), &["--set", &listen]);
    assert_eq!(installed.code, 0, "{installed:#?}");
    let mut bench = Bench::of(estate);
    let row = |code, verdict| ("api-gateway", code, verdict);
    bench.finds(&["api-gateway"], 0, &[row(Code::Fine, "fine"), row(Code::Fine, "fine")]);
    let told = |bench: &mut Bench, code, words: &str, remedy: &str| {
        let found = bench.finds(&[FIRST], 4, &[row(code, "trouble")]);
        let text = |key: &str| found[0][key].as_str().expect("text");
        assert!(text("where").starts_with("PassPort - local: "), "{found:#?}");
        assert!(text("detail").contains(words), "{found:#?}");
        assert!(text("remedy").contains(remedy), "{found:#?}");
    };
    let conf = bench.estate.path("api-gateway/groups/group-1/conf");
    let (csd, file) = (conf.join("csd.xml"), conf.join("repositories.toml"));
    let aside = csd.with_extension("aside");
    std::fs::rename(&csd, &aside).expect("moved");
    told(&mut bench, Code::MissingCsd, "the file is not there", "conf/csd.xml");
    std::fs::rename(&aside, &csd).expect("moved back");

    let stranger = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    std::fs::write(conf.join("given.pem"), stranger.cert.pem()).expect("written");
    let in_first = |text: &str, line: &str| {
        let table = format!("[repositories.\"{FIRST}\"]\n");
        assert!(text.contains(&table), "{}", text.replace("secret", "…"));
        text.replace(&table, &format!("{table}{line}\n"))
    };
    bench.while_changed(
        &file,
        |text| in_first(text, "certificate = \"given.pem\""),
        |bench| told(bench, Code::WrongCertificate, "given.pem", "Default_HTTPS"),
    );
    bench.while_changed(
        &file,
        |text| in_first(text, "client_auth_certificate = \"given.pem\""),
        |bench| {
            told(bench, Code::WrongCertificate, "given.pem", "Default_HTTPS_Client_Auth");
            let found = bench.finds(&[FIRST], 4, &[row(Code::WrongCertificate, "trouble")]);
            let port = format!(":{}", bench.estate.client_auth_port);
            assert!(found[0]["where"].as_str().is_some_and(|text| text.ends_with(&port)), "{found:#?}");
        },
    );
    let own = conf.join("own.pem");
    let own = own.to_str().expect("text");
    bench.run(&["passport", "certificate", "export", "ca", "--out", own, "--pem"], 0);
    bench.while_changed(
        &file,
        |text| in_first(text, "certificate = \"own.pem\"\nclient_auth_certificate = \"own.pem\""),
        |bench| drop(bench.finds(&[FIRST], 0, &[row(Code::Fine, "fine")])),
    );
    bench.while_changed(
        &file,
        |text| {
            let without: Vec<&str> = text.lines().filter(|line| !line.starts_with("address")).collect();
            without.join("\n").replace("\"passport-host\"", "\"no-such-host.invalid\"")
        },
        |bench| told(bench, Code::NameNotResolved, "", "`address`"),
    );
    bench.while_changed(
        &file,
        |text| {
            let (before, behind) = text.split_once(&format!("[repositories.\"{FIRST}\"]")).expect("the first");
            format!("{before}[repositories.\"{FIRST}\"]{}", behind.replacen("secret = \"", "secret = \"x", 1))
        },
        |bench| told(bench, Code::WrongSecret, "does not accept", "repositories.toml"),
    );
    bench.while_changed(
        &file,
        |text| text.replace("format = 1", "format = 9"),
        |bench| {
            let found = bench.finds(&["api-gateway"], 4, &[row(Code::PlaceUnreadable, "trouble")]);
            assert!(found[0]["detail"].as_str().is_some_and(|text| text.contains("format 9")), "{found:#?}");
        },
    );
    bench.ended(&GATEWAY);
}
