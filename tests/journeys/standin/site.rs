//! A stand-in site for one test: made by its own script, driven as an administrator would. What runs is stopped at the
//! end.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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
        let site = Self { folder: tempfile::tempdir().expect("a temporary folder") };
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
