//! The vendor's gateway by its folders, in every documented layout, and its traces as its versions write them.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use countersign::doctor::codes::Code;
use serde_json::Value;
use tempfile::TempDir;

use crate::estate::ended;

pub const FOLDERS: [Code; 4] = [Code::Interrupted, Code::LeftoverTemporaries, Code::MissingCsd, Code::Fine];
pub const TRACES: [Code; 5] =
    [Code::WaitingValidation, Code::WaitingSigning, Code::Refused, Code::Failed, Code::ClockAhead];

/// The keystore of the documented example, without its ending.
const STEM: &str = "keystore_PassPort___local_passport_host_6666";

/// An installation: where its group's folder is.
struct Installation {
    folder: TempDir,
    group: PathBuf,
}

impl Installation {
    fn new(layout: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let group = folder.path().join(layout);
        std::fs::create_dir_all(group.join("conf")).expect("made");
        std::fs::create_dir_all(group.join("instance-1/trace")).expect("made");
        let it = Self { folder, group };
        it.add("conf/csd.xml", "<csd/>");
        it
    }

    fn add(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.group.join(name), text).expect("written");
    }

    fn remove(&self, name: &str) {
        std::fs::remove_file(self.group.join(name)).expect("removed");
    }

    fn trace(&self, text: impl AsRef<[u8]>) {
        self.add("instance-1/trace/instance-1_20180406.trc", text);
    }

    /// What the doctor finds: code, file's name and detail of each; the group's name must come with each.
    fn finds(&self, exit: i32) -> Vec<(Code, String, String)> {
        let before = listing(self.folder.path());
        let mut command = Command::new(crate::program());
        command.args(["doctor", "--json", "--vendor"]).arg(self.folder.path()).stdin(Stdio::null());
        let ended = ended(command.current_dir(self.folder.path()));
        let report: Value = serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:#?}"));
        assert_eq!(ended.code, exit, "{report:#}");
        assert_eq!(listing(self.folder.path()), before, "it reads only");
        let group = self.group.file_name().expect("a name").to_string_lossy().into_owned();
        let findings = report["findings"].as_array().expect("findings");
        let text = |one: &Value, key: &str| one[key].as_str().expect("text").to_owned();
        findings
            .iter()
            .map(|one| {
                assert_eq!(text(one, "component"), group);
                assert!(!text(one, "remedy").contains(['{', '}']), "{one:#}");
                let file = Path::new(&text(one, "where")).file_name().expect("a name").to_string_lossy().into_owned();
                (text(one, "code").parse().expect("a code"), file, text(one, "detail"))
            })
            .collect()
    }

    fn codes(&self, exit: i32) -> Vec<Code> {
        self.finds(exit).into_iter().map(|(code, ..)| code).collect()
    }
}

/// Every file with its length and time.
fn listing(folder: &Path) -> Vec<(PathBuf, u64, Option<SystemTime>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("listed").map(|entry| entry.expect("an entry")) {
        let meta = entry.metadata().expect("there");
        if meta.is_dir() {
            all.extend(listing(&entry.path()));
        }
        all.push((entry.path(), meta.len(), meta.modified().ok()));
    }
    all.sort();
    all
}

#[test]
fn keystores_temporaries_and_csd_are_found_in_every_layout() {
    for layout in ["groups/group-2", "apigateway/groups/group-2", "apigateway/groups/PRODUCTION"] {
        let it = Installation::new(layout);
        assert_eq!(it.codes(0), [Code::Fine]);
        it.add(&format!("conf/{STEM}.jks.csrid"), "");
        it.add(&format!("conf/{STEM}.jks.key"), "");
        let [(code, file, detail)] = &it.finds(4)[..] else { panic!("one finding") };
        assert_eq!((*code, file.as_str()), (Code::Interrupted, &*format!("{STEM}.jks")));
        assert_eq!(*detail, format!("pending or interrupted: {STEM}.jks.csrid, {STEM}.jks.key"));
        it.add(&format!("conf/{STEM}.jks"), "");
        assert_eq!(it.codes(4), [Code::LeftoverTemporaries]);
        it.remove(&format!("conf/{STEM}.jks.csrid"));
        it.remove(&format!("conf/{STEM}.jks.key"));
        it.add(&format!("conf/{STEM}"), "");
        assert_eq!(it.codes(4), [Code::LeftoverTemporaries], "the bare name of the older manual");
        it.remove(&format!("conf/{STEM}"));
        let [(Code::Fine, _, detail)] = &it.finds(0)[..] else { panic!("fine") };
        assert!(detail.starts_with("registered, 2"), "{detail}");
        it.remove("conf/csd.xml");
        assert_eq!(it.codes(4), [Code::Fine, Code::MissingCsd]);
        it.add("conf/csd_api_gateway.xml", "<csd/>");
        assert_eq!(it.codes(0), [Code::Fine]);
    }
}

#[test]
fn the_documented_messages_are_recognised_as_each_version_writes_them() {
    let it = Installation::new("groups/group-2");
    it.add(&format!("conf/{STEM}.jks.key"), "");
    let exception = "com.axway.passport.am.api.v2.service.external.PassportConnectionException:";
    let waiting = "Registration is still in progress. Certificate Signing Request has not yet been";
    let failed = "Registration has failed and API Gateway is unable to communicate with PassPort. Please contact the \
                  PassPort Administrator or try manually re-triggering registration.";
    let mut seen = Vec::new();
    for (text, code, words) in [
        (
            format!(
                "DEBUG 15/Jun/2012:09:54:01.047 [17e8] Authentication exception when authenticating system:\n{waiting}\n\
                 validated, please try again later. [Status: Waiting\n  Validation]\n"
            ),
            Code::WaitingValidation,
            "[Status:Waiting Validation]",
        ),
        (
            format!(
                "ERROR 06/Apr/2018:12:34:56.789 [af] Authentication exception when authenticating system: {exception}\
                 {waiting} signed, please try again later. [Status:Waiting Signing]\r\n"
            ),
            Code::WaitingSigning,
            "[Status:Waiting Signing], 2018-04-06",
        ),
        (
            "ERROR 06/Apr/2018:12:34:56.789 [af] Registration has been refused. Please contact the PassPort Adminis\n   \
             trator for further information. [Status:Validation Refused]"
                .to_owned(),
            Code::Refused,
            "[Status:Validation Refused]",
        ),
        (
            format!("ERROR 06/Apr/2018:12:34:56.789 [af] {failed} [Status:Under\n Repair]\n"),
            Code::Failed,
            "[Status:Under Repair]",
        ),
        (
            "ERROR 06/Apr/2018:12:34:56.789 [af] java.security.cert.CertificateNotYetValidException:java.security.cert.\
             CertificateNotYetValidException\n"
                .to_owned(),
            Code::ClockAhead,
            "CertificateNotYetValidException",
        ),
    ] {
        // Behind an older message and much else; and in UTF-16 as well.
        let whole = format!("{failed} [Status:Old]\n{}{text}{}", "noise\n".repeat(999), "INFO more\n".repeat(99));
        let wide: Vec<u8> = format!("\u{feff}{whole}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [whole.into_bytes(), wide] {
            it.trace(bytes);
            let found = it.finds(4);
            let [(found, file, detail)] = &found[..] else { panic!("{found:?}") };
            assert_eq!((*found, file.as_str()), (code, "instance-1_20180406.trc"), "{detail}");
            assert!(detail.contains(words), "{detail}");
        }
        seen.push(code);
    }
    assert_eq!(seen, TRACES);
    // What was written since says that it is over.
    it.remove(&format!("conf/{STEM}.jks.key"));
    it.add(&format!("conf/{STEM}.jks"), "");
    assert_eq!(it.codes(0), [Code::Fine]);
}

#[test]
fn of_two_repositories_each_has_its_own_latest_message_and_a_large_trace_is_read_from_its_end() {
    let it = Installation::new("groups/group-2");
    let other = "keystore_second_passport_host_6666";
    it.add(&format!("conf/{STEM}.jks.csrid"), "");
    it.add(&format!("conf/{other}.jks.csrid"), "");
    let refused = "Registration has been refused. Please contact the PassPort Administrator for further information.";
    let waiting = "Registration is still in progress. Certificate Signing Request has not yet been signed, please try \
                   again later.";
    let entry = |stem: &str, text: &str, status: &str| {
        format!("ERROR 2018-04-06 12:34:56,789 [af] conf/{stem}.jks: {text} [Status:{status}]\n")
    };
    let noise = "INFO 2018-04-06 12:34:57,000 [af] a request was served\n".repeat(200_000);
    it.trace(noise + &entry(other, refused, "Validation Refused") + &entry(STEM, waiting, "Waiting Signing"));
    // A newer trace that says nothing of it.
    let newer = it.group.join("instance-1/trace/instance-1_20180407.trc");
    std::fs::write(&newer, "INFO 2018-04-07 00:00:00,000 [af] rotated\n").expect("written");
    let file = File::options().append(true).open(&newer).expect("opened");
    file.set_modified(SystemTime::now() + Duration::from_mins(1)).expect("set");
    let found = it.finds(4);
    let [(first, _, of_first), (second, _, of_second)] = &found[..] else { panic!("{found:?}") };
    assert_eq!((*first, *second), (Code::WaitingSigning, Code::Refused));
    assert!(of_first.starts_with(STEM) && of_second.starts_with(other), "{found:?}");
}

#[test]
fn a_site_s_own_gateway_is_looked_at_by_its_profile() {
    let it = Installation::new("groups/group-2");
    it.add(&format!("conf/{STEM}.jks.key"), "");
    it.trace("Registration has been refused. Please contact the PassPort Administrator for further information.\n");
    let estate = it.folder.path().join("estate");
    std::fs::create_dir_all(estate.join("profiles")).expect("made");
    let profile = format!(
        "format = 1\nbase = \"axway/api-gateway\"\n[values]\nroot = {:?}\ngroup = \"g\"\ninstance = \"i\"\n\
         repository = \"r\"\nstartinstance = \"/bin/true\"\nstop = \"/bin/true\"\n",
        it.folder.path()
    );
    std::fs::write(estate.join("profiles/api-gateway.toml"), profile).expect("written");
    let record = "format = 1\ncomponents = [\"api-gateway\"]\n[authority]\nkind = \"passport\"\nhost = \"passport\"\n\
                  https_port = 6453\nclient_auth_port = 6666\ndomain = \"Synchrony\"\n";
    std::fs::write(estate.join("estate.toml"), record).expect("written");
    let mut command = Command::new(crate::program());
    let ended = ended(command.args(["doctor", "--json", "--estate"]).arg(&estate).stdin(Stdio::null()));
    let report: Value = serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:#?}"));
    assert_eq!(ended.code, 4, "{report:#}");
    let [finding] = &report["findings"].as_array().expect("findings")[..] else { panic!("{report:#}") };
    assert_eq!((&finding["code"], &finding["component"]), (&"CS-D05-refused".into(), &"api-gateway".into()));
}

#[test]
fn a_folder_that_is_no_installation_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(crate::program());
    let ended = ended(command.args(["doctor", "--vendor"]).arg(folder.path()).stdin(Stdio::null()));
    assert_eq!(ended.code, 3, "{ended:#?}");
    assert!(ended.stderr.contains("give the gateway's INSTALL_DIR"), "{ended:#?}");
}
