//! `profile adopt`: a site profile from what an installer left, or one clear refusal; no secret is ever shown.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use countersign::installer::adopt::{fit, look};
use countersign::installer::silent::Tree;
use countersign::profile::{SiteProfile, shipped};
use portable_pty::CommandBuilder;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::estate::{Ended, ended};
use crate::silent_trees::{ENCRYPTED, Files, PLAIN, b2bi_4_9, b2bi_4_10, cft, passport_4_8, secure_transport};
use crate::standin::Site;
use crate::terminal::Terminal;
use crate::walk::Screen;

/// Silent files in a folder, and room for a profile.
struct Bench {
    folder: TempDir,
    master: PathBuf,
}

impl Bench {
    fn new(files: &Files) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let master = files.lay(&folder.path().join("SilentFile/2024_02_03_10_11_12_install"));
        Self { folder, master }
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("estate/profiles/site.toml")
    }

    fn command(&self, file: &Path) -> Command {
        let mut command = Command::new(crate::program());
        command.args(["profile", "adopt"]).arg(file).arg("--out").arg(self.out()).stdin(Stdio::null());
        command
    }

    /// Adopts the master file; nothing secret may be said or written.
    fn adopt(&self, more: &[&str]) -> Ended {
        self.adopt_from(&self.master, more)
    }

    fn adopt_from(&self, file: &Path, more: &[&str]) -> Ended {
        let ended = ended(self.command(file).args(more));
        for secret in [PLAIN, ENCRYPTED] {
            assert!(!ended.stdout.contains(secret) && !ended.stderr.contains(secret), "{ended:#?}");
            assert!(!self.written().is_some_and(|text| text.contains(secret)));
        }
        ended
    }

    fn written(&self) -> Option<String> {
        std::fs::read_to_string(self.out()).ok()
    }

    fn profile(&self) -> SiteProfile {
        let text = self.written().expect("written");
        toml::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// A refusal that says all of this, and nothing written.
    fn refused(&self, more: &[&str], said: &[&str]) {
        let ended = self.adopt(more);
        assert_eq!(ended.code, 3, "{ended:#?}");
        for text in said {
            assert!(ended.stderr.contains(text), "\"{text}\" is not in: {}", ended.stderr);
        }
        assert!(!self.out().parent().expect("a folder").exists(), "something was made");
    }
}

#[test]
fn installer_4_8_an_authority_with_encrypted_values() {
    let bench = Bench::new(&passport_4_8());
    let ended = bench.adopt(&["--yes", "--json", "--set", "start=/opt/main/PassPort/bin/start.sh"]);
    assert_eq!(ended.code, 0, "{ended:#?}");
    let told: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    assert_eq!(told["profile"], json!(bench.out()));
    assert_eq!(told["base"], json!("axway/passport"));
    let secret = json!([{ "component": "passport", "variable": "RegistrationSecret", "twin": "RegistrationSecretConf", "encrypted": true }]);
    assert_eq!(told["secrets"], secret);
    let site = bench.profile();
    assert_eq!(site.values["root"], "/opt/main");
    assert_eq!(site.values["silent_file"], bench.master.display().to_string());
    assert_eq!(site.values["start"], "/opt/main/PassPort/bin/start.sh");
    assert_eq!(site.secret[0].twin.as_deref(), Some("RegistrationSecretConf"));
    assert!(told["missing"].as_array().expect("a list").contains(&json!("configure")), "{told}");
    assert!(
        bench
            .written()
            .expect("written")
            .contains("# Which program runs the installer in Configure mode?\n#   your site")
    );
    for text in ["installer 4.8.0", "installation Main in /opt/main", "product: PassPort 4.6.0"] {
        assert!(ended.stderr.contains(text), "{}", ended.stderr);
    }
}

#[test]
fn installer_4_9_both_engines_in_one_file_with_windows_line_ends() {
    let bench = Bench::new(&b2bi_4_9());
    let ended = bench.adopt(&["--yes"]);
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert!(ended.stdout.contains(
        "secret of interchange: TradingEngineSharedSecret, confirmed by TradingEngineSharedSecretConfirmation\n"
    ));
    let site = bench.profile();
    let secrets: Vec<(&str, &str, Option<&str>)> =
        site.secret.iter().map(|one| (one.component.as_str(), one.variable.as_str(), one.twin.as_deref())).collect();
    assert_eq!(
        secrets,
        [
            ("integrator", "IntegratorSharedSecret", Some("IntegratorSharedSecretConfirm")),
            ("interchange", "TradingEngineSharedSecret", Some("TradingEngineSharedSecretConfirmation")),
        ]
    );
    let selects: Vec<(&str, &str, &str)> =
        site.select.iter().map(|one| (one.component.as_str(), one.variable.as_str(), one.value.as_str())).collect();
    assert_eq!(
        selects,
        [
            ("integrator", "ModIntegrator", "true"),
            ("interchange", "ModInterchange", "true"),
            ("b2bi", "ModShared", "true"),
            ("b2bi-server", "ModServer", "true"),
        ]
    );
}

#[test]
fn installer_4_10_the_same_variable_in_one_file_an_engine() {
    let bench = Bench::new(&b2bi_4_10());
    // The folder of the runs: the newest that installs or configures counts.
    b2bi_4_9().lay(&bench.folder.path().join("SilentFile/2023_12_31_23_59_59_configure"));
    b2bi_4_9().lay(&bench.folder.path().join("SilentFile/2024_09_01_00_00_00_update"));
    let ended = bench.adopt_from(&bench.folder.path().join("SilentFile"), &["--yes"]);
    assert_eq!(ended.code, 0, "{ended:#?}");
    let site = bench.profile();
    assert_eq!(site.values["silent_file"], bench.master.display().to_string());
    let secrets: Vec<(&str, &str, Option<&str>)> =
        site.secret.iter().map(|one| (one.component.as_str(), one.variable.as_str(), one.twin.as_deref())).collect();
    assert_eq!(
        secrets,
        [
            ("integrator", "Integrator/SharedSecret", Some("Integrator/SharedSecretconf")),
            ("interchange", "Interchange/SharedSecret", Some("Interchange/SharedSecretconf")),
        ]
    );
    assert_eq!((site.select[0].variable.as_str(), site.select[0].value.as_str()), ("Eng1.ModuleType", "Installed"));
    // What the profile names is what the tree can set.
    let mut tree = Tree::read(&bench.master).expect("readable");
    for one in &site.secret {
        let secret = countersign::secret::Secret::new("another one".into());
        tree.set_secret(&one.variable, one.twin.as_deref(), &secret).expect("set");
        assert_eq!(tree.property(&one.variable, "Format"), None);
    }
}

#[test]
fn the_secret_of_another_authority_is_found_for_its_own_products_and_offered_to_no_other() {
    let bench = Bench::new(&cft());
    let tree = Tree::read(&bench.master).expect("readable");
    let adopted = look(&tree, &[]).expect("clear");
    let profile = |id: &str| &shipped::all().iter().find(|(known, _)| *known == id).expect("shipped").1;
    let own = fit(profile("axway/transfer-cft-cg"), shipped::all(), &adopted);
    let found: Vec<(&str, Option<&str>, bool)> =
        own.secrets.iter().map(|(_, one)| (one.variable.as_str(), one.twin.as_deref(), one.encrypted)).collect();
    assert_eq!(found, [("CFTNavigatorSharedSecret", Some("CFTNavigatorSharedSecretConf"), false)]);
    let other = fit(profile("axway/passport"), &[], &adopted);
    assert!(other.secrets.is_empty() && other.others == ["CFTNavigatorSharedSecret"], "{other:?}");

    bench.refused(
        &["--yes", "--base", "axway/passport"],
        &[
            "CFTNavigatorSharedSecret holds another authority's secret and is left alone",
            "no variable is known for the secret of passport: give --secret passport=VARIABLE",
        ],
    );
    for variable in ["CFTNavigatorSharedSecret", "CFTNavigatorSharedSecretConf"] {
        let named = format!("passport={variable}");
        bench.refused(
            &["--yes", "--base", "axway/passport", "--secret", &named],
            &["which is never mixed with this one"],
        );
    }
}

#[test]
fn the_public_example_of_transfer_cft_is_told_whose_secret_it_holds() {
    let bench = Bench::new(&cft());
    let ended = bench.adopt(&["--yes", "--json"]);
    assert_eq!(ended.code, 0, "{ended:#?}");
    let told: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    assert_eq!(told["base"], json!("axway/transfer-cft-cg"));
    assert_eq!(told["secrets"][0]["variable"], json!("CFTNavigatorSharedSecret"));
    assert!(ended.stderr.contains("is not set through silent files"), "{}", ended.stderr);
    assert!(bench.profile().secret.is_empty());

    let managed = cft().with(1, "chkAM = false", "chkAM = true");
    Bench::new(&managed).refused(&["--yes"], &["axway/transfer-cft-cg, axway/transfer-cft-am", "give --base"]);
    let managed = managed.with(1, "chkCFTNavigator = true", "chkCFTNavigator = false");
    Bench::new(&managed).refused(&["--yes"], &["Transfer CFT with PassPort AM holds no shared secret"]);
}

#[test]
fn a_product_that_no_profile_describes_is_named() {
    let bench = Bench::new(&secure_transport());
    bench.refused(&["--yes"], &["SecureTransport", "no shipped profile describes", "--base"]);
    bench.refused(
        &["--yes", "--base", "axway/none"],
        &["--base axway/none is no shipped profile; there are", "axway/b2bi"],
    );
}

#[test]
fn bad_silent_files_are_refused_at_their_place() {
    let secret = format!("RegistrationSecretConf = {ENCRYPTED}");
    let doubtful = "RegistrationSecretConf.Format = AES128\n";
    for (from, to, said) in [
        (
            &*secret,
            "RegistrationSecretConf = x",
            "14:26: RegistrationSecretConf confirms RegistrationSecret (line 12) and has another value",
        ),
        (
            doubtful,
            "",
            "14:26: RegistrationSecretConf may be encrypted, but no line RegistrationSecretConf.Format says how",
        ),
        ("passwordconf.Format = AES128", "", "20:16: passwordconf may be encrypted"),
        (
            "Conf.Format = AES128",
            "Conf.Format = ROT13",
            "15:33: RegistrationSecretConf.Format is of a format that is not known here: known are AES128, DefenceV1",
        ),
        ("ServerPort = 6453", "ServerPort : 6453", "7:1: this line is no `Variable = Value`"),
        ("ServerPort = 6453", "Dir = C:\\Programs", "7:9: a single backslash: write two"),
        ("ServerPort = 6453", "ServerPort = 6453\nServerPort = 6454", "8:1: ServerPort stands in line 7 already"),
        (
            "ServerPort = 6453",
            "IncludeFiles.More = more.properties",
            "7:21: the included file more.properties is not there",
        ),
    ] {
        let bench = Bench::new(&passport_4_8().with(1, from, to));
        bench.refused(&["--yes"], &[&format!("Install_PassPort_V4.6.0.properties:{said}")]);
    }
    let circle = passport_4_8().with(1, "# The server", "IncludeFiles.Up = Install_Axway_Installer_V4.8.0.properties");
    Bench::new(&circle)
        .refused(&["--yes"], &["Install_PassPort_V4.6.0.properties:6:19: ", "includes itself in the end"]);
    let bench = Bench::new(&passport_4_8().with(0, "Install_PassPort_V4.6.0.properties", "../p.properties"));
    bench.refused(&["--yes"], &["4.8.0.properties:18:25: ../p.properties lies outside the master file's folder"]);
}

#[test]
fn wrong_words_are_refused_and_nothing_is_written() {
    let bench = Bench::new(&passport_4_8());
    bench.refused(&["--yes", "--set", "strat=/bin/true"], &["--set strat: is no variable of the base", "start"]);
    bench.refused(&["--yes", "--set", "root=main"], &["--set root: must be an absolute path"]);
    bench.refused(
        &["--yes", "--secret", "interchange=RegistrationSecret"],
        &["interchange holds no secret", "passport"],
    );
    bench.refused(&["--yes", "--secret", "passport=Nothing"], &["--secret passport=Nothing", "has this variable"]);
    assert_eq!(bench.adopt(&["--yes", "--set", "root"]).code, 2);
    let without = bench.adopt(&[]);
    assert_eq!((without.code, without.stderr.contains("--yes")), (2, true), "{without:#?}");
    let elsewhere = bench.adopt_from(&bench.folder.path().join("nowhere.properties"), &["--yes"]);
    assert_eq!((elsewhere.code, elsewhere.stderr.contains("there is no such file")), (3, true), "{elsewhere:#?}");
    let empty = bench.adopt_from(bench.folder.path(), &["--yes"]);
    assert_eq!((empty.code, empty.stderr.contains("name the master file")), (3, true), "{empty:#?}");
    assert!(bench.written().is_none());
}

#[test]
fn an_existing_profile_and_one_of_another_secret_are_left_alone() {
    let bench = Bench::new(&passport_4_8());
    assert_eq!(bench.adopt(&["--yes"]).code, 0);
    let before = bench.written();
    let again = bench.adopt(&["--yes"]);
    assert_eq!((again.code, again.stderr.contains("is not overwritten")), (3, true), "{again:#?}");
    assert_eq!(bench.written(), before);

    let other = bench.out().with_file_name("other.toml");
    std::fs::rename(bench.out(), &other).expect("moved");
    for text in [other_whole(), "format = 1\nbase = \"axway/transfer-cft-cg\"\n".to_owned()] {
        std::fs::write(&other, text).expect("written");
        let mixed = bench.adopt(&["--yes"]);
        assert_eq!((mixed.code, mixed.stderr.contains("another shared secret")), (3, true), "{mixed:#?}");
        assert!(bench.written().is_none());
    }
}

/// A whole profile of another secret.
fn other_whole() -> String {
    let text = shipped::find("axway/passport").expect("shipped").text;
    text.replace("secret = \"passport\"", "secret = \"central-governance\"")
}

#[test]
fn several_that_may_hold_it_are_not_taken_without_a_word() {
    let more = passport_4_8().with(1, "# The server\n", &format!("OldSecret = {PLAIN}\n"));
    let bench = Bench::new(&more);
    bench.refused(
        &["--yes"],
        &["OldSecret and RegistrationSecret may hold the secret of passport: give --secret passport="],
    );
    let ended = bench.adopt(&["--yes", "--secret", "passport=RegistrationSecret"]);
    assert_eq!(ended.code, 0, "{ended:#?}");
    assert_eq!(bench.profile().secret.len(), 1);
}

#[test]
fn a_value_that_only_looks_encrypted_may_be_said_to_be_plain() {
    let plain = passport_4_8().with(1, "passwordconf.Format = AES128", "").with(1, "password.Format = AES128", "");
    let bench = Bench::new(&plain);
    bench.refused(&["--yes", "--plain", "password"], &["passwordconf may be encrypted"]);
    assert_eq!(bench.adopt(&["--yes", "--plain", "password", "--plain", "passwordconf"]).code, 0);
}

#[test]
fn on_a_terminal_each_variable_is_confirmed() {
    let more = passport_4_8()
        .with(1, "# The server\n", &format!("OldSecret = {PLAIN}\n"))
        .with(1, "passwordconf.Format = AES128", "")
        .with(1, "password.Format = AES128", "");
    let bench = Bench::new(&more);
    let mut command = CommandBuilder::new(crate::program());
    command.args(["profile", "adopt"]);
    command.arg(&bench.master);
    command.arg("--out");
    command.arg(bench.out());
    let mut terminal = Terminal::start(command, 40, 160);
    terminal.see("password looks encrypted, and nothing says so. Is it plain?");
    terminal.press("y\n");
    terminal.see("passwordconf looks encrypted");
    terminal.press("y\n");
    terminal.see("Does OldSecret hold the shared secret of PassPort?");
    terminal.press("\n");
    terminal.see("Does RegistrationSecret, confirmed by RegistrationSecretConf, hold the shared secret of PassPort (encrypted now)?");
    terminal.press("y\n");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen());
    assert!(!terminal.screen().contains(PLAIN) && !terminal.screen().contains(ENCRYPTED));
    let variables: Vec<String> = bench.profile().secret.into_iter().map(|one| one.variable).collect();
    assert_eq!(variables, ["RegistrationSecret"]);
}

#[test]
fn what_the_stand_in_site_left_is_adopted_as_its_own_profiles_say_it() {
    let site = Site::new();
    for product in ["passport", "b2bi"] {
        let own = std::fs::read_to_string(site.path(&format!("estate/profiles/{product}.toml"))).expect("made");
        let own: SiteProfile = toml::from_str(&own).expect("a site profile");
        let out = site.path(&format!("adopted/{product}.toml"));
        let mut command = Command::new(crate::program());
        command.args(["profile", "adopt", "--yes"]).arg(site.path(product).join("SilentFile")).arg("--out").arg(&out);
        let ended = ended(command.stdin(Stdio::null()));
        assert_eq!(ended.code, 0, "{ended:#?}");
        let adopted: SiteProfile =
            toml::from_str(&std::fs::read_to_string(out).expect("written")).expect("a site profile");
        assert_eq!(adopted.base, own.base);
        for value in ["root", "silent_file"] {
            assert_eq!(adopted.values[value], own.values[value]);
        }
        let mut secrets = adopted.secret;
        secrets.sort_by(|one, other| one.component.cmp(&other.component));
        assert_eq!(secrets, own.secret);
        assert!(own.select.iter().all(|select| adopted.select.contains(select)), "{:?}", adopted.select);
    }
}
