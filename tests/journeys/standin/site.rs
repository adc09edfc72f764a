//! A stand-in site for one test: made by its own script, driven as an administrator would. What runs is stopped at the
//! end.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use countersign::profile::shipped;
use serde_json::Value;
use tempfile::TempDir;

use crate::estate::{Ended, ended, free_ports, kill_all};

/// The secret that every site is made with.
pub const FIRST: &str = "first-Secret/2026";
/// Another one, with characters that XML and the shell read in their own way.
pub const SECOND: &str = "second&<Secret>$2026!`x`";

const MAKE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/installer-assets/stand-in/make.sh");
const PID_FILES: [&str; 3] =
    ["passport/PassPort/run/passport.pid", "b2bi/B2Bi/run/integrator.pid", "b2bi/B2Bi/run/interchange.pid"];

/// A stand-in site.
pub struct Site {
    folder: TempDir,
    answers: String,
}

impl Site {
    /// Installed, nothing runs.
    pub fn new() -> Self {
        Self::made(&[])
    }

    /// Installed, and both products run.
    pub fn running() -> Self {
        let site = Self::new();
        assert_eq!(site.passport("start").code, 0);
        assert_eq!(site.b2bi("start").code, 0);
        assert_eq!(site.b2bi("status").code, 0, "{}", site.log("IE.log"));
        site
    }

    /// Made with these flags.
    pub fn made(flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (name, secret) in [("current.secret", FIRST), ("new.secret", SECOND)] {
            let path = folder.path().join(name);
            fs::write(&path, secret).expect("written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("closed");
        }
        let answers = folder.path().join("site/answers.toml").to_str().expect("UTF-8").to_owned();
        let site = Self { folder, answers };
        let [https, client_auth] = free_ports().map(|port| port.to_string());
        let mut make = Command::new(MAKE);
        make.arg(site.path("")).arg("--countersign").arg(crate::program());
        make.args(["--https-port", &https, "--client-auth-port", &client_auth]).args(flags);
        let mut child = make.env_clear().stdin(Stdio::piped()).spawn().expect("make.sh starts");
        child.stdin.take().expect("a pipe").write_all(FIRST.as_bytes()).expect("the secret is taken");
        assert!(child.wait().expect("it ends").success());
        site
    }

    /// A path below the site's folder.
    pub fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join("site").join(below)
    }

    /// One of the site's scripts, with an empty environment.
    pub fn script(&self, below: &str, arguments: &[&str]) -> Ended {
        ended(Command::new(self.path(below)).args(arguments).env_clear().current_dir("/").stdin(Stdio::null()))
    }

    /// A script of PassPort: `start`, `stop`, `status`, `login`.
    pub fn passport(&self, act: &str) -> Ended {
        self.script(&format!("passport/PassPort/bin/{act}.sh"), &[])
    }

    /// A script of the B2Bi Server: `start`, `stop`, `status`.
    pub fn b2bi(&self, act: &str) -> Ended {
        self.script(&format!("b2bi/B2Bi/bin/{act}.sh"), &[])
    }

    /// An engine's log.
    pub fn log(&self, name: &str) -> String {
        fs::read_to_string(self.path("b2bi/B2Bi/logs").join(name)).unwrap_or_default()
    }

    /// The master silent files of a product's runs, the newest last.
    pub fn masters(&self, product: &str) -> Vec<PathBuf> {
        let mut runs: Vec<PathBuf> = listed(&self.path(product).join("SilentFile"));
        runs.sort();
        let master = |path: &PathBuf| path.to_string_lossy().contains("Install_Axway_Installer_V");
        runs.iter().filter_map(|run| listed(run).into_iter().find(master)).collect()
    }

    /// A silent file for another run: a copy of the newest one with this secret in the clear, and its product's part
    /// changed by `edit`. Its absolute master path.
    pub fn silent(&self, product: &str, secret: &str, edit: impl Fn(String) -> String) -> String {
        let recorded = self.masters(product).pop().expect("a recorded run");
        let folder = self.folder.path().join(format!("silent-{product}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).expect("a folder");
        for file in listed(recorded.parent().expect("a folder")) {
            let text = fs::read_to_string(&file).expect("read");
            let text = if file.ends_with(recorded.file_name().expect("a name")) {
                text
            } else {
                let rows = text.lines().filter(|row| !(row.contains("Secret") && row.contains(".Format")));
                edit(rows.map(|row| with_secret(row, secret) + "\n").collect())
            };
            let copy = folder.join(file.file_name().expect("a name"));
            fs::write(&copy, text).expect("written");
            fs::set_permissions(&copy, fs::Permissions::from_mode(0o600)).expect("closed");
        }
        folder.join(recorded.file_name().expect("a name")).to_str().expect("a path in UTF-8").to_owned()
    }

    /// Runs a product's installer in Configure mode with this secret in the clear.
    pub fn configure(&self, product: &str, secret: &str) -> Ended {
        let silent = self.silent(product, secret, |text| text);
        self.script(&format!("{product}/configure.sh"), &["-s", &silent])
    }

    /// Asks for a fault in a product's next run.
    pub fn fault(&self, product: &str, word: &str) {
        fs::write(self.path(product).join("faults"), format!("{word}\n")).expect("written");
    }

    /// The answers that change its secret from the first to the second.
    pub fn answers(&self) -> &str {
        &self.answers
    }

    /// Answers that install from the kits with the second secret.
    pub fn install_answers(&self) -> String {
        let path = self.folder.path().join("install.toml");
        let text = fs::read_to_string(&self.answers).expect("read").replace("\"configure\"", "\"install\"");
        let rows = text.lines().filter(|row| !row.starts_with("previous_from"));
        fs::write(&path, rows.map(|row| format!("{row}\n")).collect::<String>()).expect("written");
        path.to_str().expect("UTF-8").to_owned()
    }

    /// The program, told of this site's estate.
    pub fn command(&self) -> Command {
        let mut command = Command::new(crate::program());
        command.arg("--estate").arg(self.path("estate")).current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    /// Runs a verb to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        ended(self.command().args(arguments))
    }

    /// Runs a verb with `--json`; its exit code and its object.
    pub fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let ended = self.run(&[arguments, &["--json"]].concat());
        let value = serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:#?}"));
        (ended.code, value)
    }

    /// Changes the secret from the first to the second, unattended.
    pub fn change(&self, more: &[&str]) -> (i32, Value) {
        self.json(&[&["configure", "--yes", "--answers", self.answers()], more].concat())
    }

    /// Whether both products run, and the authority accepts this secret and not the other one.
    pub fn holds(&self, secret: &str) {
        assert_eq!((self.passport("status").code, self.b2bi("status").code), (0, 0), "{}", self.log("IE.log"));
        let home = self.path("passport/PassPort");
        let given = self.folder.path().join(if secret == FIRST { "current.secret" } else { "new.secret" });
        let mut replace = Command::new(crate::program());
        replace.args(["passport", "secret", "replace", "--json", "--home"]).arg(home);
        let ended = ended(replace.arg("--from").arg(format!("file:{}", given.display())));
        assert!(ended.code == 0 && ended.stdout.contains("\"changed\": false"), "{ended:#?}");
        let status = self.b2bi("status").stdout;
        assert_eq!(status.lines().filter(|line| line.contains("running") && line.contains("Registered")).count(), 2);
    }

    /// The silent files of a run that were not removed.
    pub fn silent_files(&self) -> Vec<PathBuf> {
        let folder = self.path("estate/journal/silent");
        if folder.exists() { listed(&folder) } else { Vec::new() }
    }

    /// What a run leaves behind: logs and recorded silent files.
    pub fn traces(&self) -> Vec<String> {
        let logs = ["passport/install.log", "b2bi/install.log", "b2bi/B2Bi/logs/IE.log", "b2bi/B2Bi/logs/TE.log"];
        let mut traces: Vec<String> = logs.map(|log| fs::read_to_string(self.path(log)).expect("read")).into();
        traces.extend(["passport", "b2bi"].map(|product| format!("{:?}", self.masters(product))));
        traces
    }

    /// Gives a product's installer this many seconds: its shipped profile as a whole one of the site's own.
    pub fn with_deadline(&self, product: &str, seconds: u32) {
        let path = self.path("estate/profiles").join(format!("{product}.toml"));
        let own: toml::Table = fs::read_to_string(&path).expect("read").parse().expect("TOML");
        let base = shipped::find(own["base"].as_str().expect("a base")).expect("shipped");
        let mut whole: toml::Table = base.text.parse().expect("TOML");
        for variable in whole["variable"].as_array_mut().expect("a list") {
            let variable = variable.as_table_mut().expect("a table");
            if let Some(value) = own["values"].get(variable["id"].as_str().expect("an id")) {
                variable.insert("default".into(), value.clone());
            }
        }
        let installer = whole["installer"].as_table_mut().expect("a table");
        installer.insert("deadline".into(), i64::from(seconds).into());
        for key in ["secret", "select"] {
            installer.insert(key.into(), own[key].clone());
        }
        fs::write(path, whole.to_string()).expect("written");
    }

    /// Every file of the site in which a text stands.
    pub fn files_with(&self, text: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.path("")];
        while let Some(folder) = folders.pop() {
            for path in listed(&folder) {
                if path.is_dir() {
                    folders.push(path);
                } else if path.is_file() {
                    let bytes = fs::read(&path).expect("read");
                    if bytes.windows(text.len()).any(|window| window == text.as_bytes()) {
                        found.push(path);
                    }
                }
            }
        }
        found
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        kill_all(PID_FILES.map(|file| self.path(file)));
    }
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

fn with_secret(row: &str, secret: &str) -> String {
    match row.split_once(" = ") {
        Some((variable, _)) if variable.contains("Secret") => format!("{variable} = {secret}"),
        _ => row.to_owned(),
    }
}
