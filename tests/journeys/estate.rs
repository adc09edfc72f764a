//! An estate for one test: a temporary folder, free ports, and the binary to drive it. What runs is stopped at the end.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open};
use serde_json::Value;
use tempfile::TempDir;

/// The answer file that the README's first command uses.
pub const QUICKSTART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/installer-assets/answers/quickstart.toml");

const PID_FILES: [&str; 3] = ["passport/run/passport.pid", "b2bi/run/integrator.pid", "b2bi/run/interchange.pid"];
/// The gateway's, which most estates do without.
const GATEWAY: &str = "api-gateway/run/api-gateway.pid";

/// A folder with an estate in it, or room for one.
pub struct TestEstate {
    folder: TempDir,
    pub https_port: u16,
    pub client_auth_port: u16,
}

/// How a run of the binary ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl TestEstate {
    /// Room for an estate; nothing is there yet.
    pub fn new() -> Self {
        let [https_port, client_auth_port] = free_ports();
        Self { folder: tempfile::tempdir().expect("a temporary folder"), https_port, client_auth_port }
    }

    /// With an estate installed by the quickstart answers.
    pub fn installed() -> Self {
        let estate = Self::new();
        let ended = estate.install();
        assert_eq!(ended.code, 0, "the installation failed: {ended:#?}");
        estate
    }

    /// The folder around the estate.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The estate's folder, or a path below it.
    pub fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join("estate").join(below)
    }

    /// Installs with the quickstart answers and this estate's ports.
    pub fn install(&self) -> Ended {
        self.install_with(Path::new(QUICKSTART), &[])
    }

    /// Installs with an answer file.
    pub fn install_with(&self, answers: &Path, more: &[&str]) -> Ended {
        let (https, client_auth) = self.port_flags();
        let mut arguments = vec!["install", "--yes", "--answers", answers.to_str().expect("a path in UTF-8")];
        arguments.extend(["--set", &https, "--set", &client_auth]);
        arguments.extend(more);
        self.run(&arguments)
    }

    /// The values for `--set` that give this estate its ports.
    pub fn port_flags(&self) -> (String, String) {
        let (https, client_auth) = (self.https_port, self.client_auth_port);
        (format!("authority.https_port={https}"), format!("authority.client_auth_port={client_auth}"))
    }

    /// The binary, told of this estate.
    pub fn command(&self) -> Command {
        let mut command = Command::new(crate::program());
        command.arg("--estate").arg(self.path("")).current_dir(self.folder()).stdin(Stdio::null());
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

    /// The process ids of the authority and the engines.
    pub fn pids(&self) -> Vec<String> {
        PID_FILES
            .iter()
            .map(|file| std::fs::read_to_string(self.path(file)).unwrap_or_default().trim().to_owned())
            .collect()
    }

    /// Ends everything that runs here without a word, and waits until it is gone.
    pub fn kill(&self) {
        kill_all(PID_FILES.iter().chain([&GATEWAY]).map(|file| self.path(file)));
    }
}

impl Drop for TestEstate {
    fn drop(&mut self) {
        // Whatever state the test left: nothing of it may go on running.
        self.kill();
    }
}

/// Ends whoever holds one of these pid files without a word, and waits until it is gone.
pub fn kill_all(pid_files: impl IntoIterator<Item = PathBuf>) {
    for file in pid_files {
        let number = std::fs::read_to_string(&file).unwrap_or_default();
        let pid = number.trim().parse().ok().and_then(Pid::from_raw);
        let Some((pid, process)) = pid.and_then(|pid| Some((pid, pidfd_open(pid, PidfdFlags::empty()).ok()?))) else {
            continue;
        };
        // Whoever runs holds the lock on its pid file; without it the number may be anybody's by now.
        let runs = File::open(&file).is_ok_and(|file| file.try_lock_shared().is_err());
        if runs && kill_process(pid, Signal::KILL).is_ok() {
            let _ = poll(&mut [PollFd::new(&process, PollFlags::IN)], None);
        }
    }
}

/// Runs a command to its end.
pub fn ended(command: &mut Command) -> Ended {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} cannot be started: {error}"));
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs a tool that the tests need; a missing one is a failure that says what to install.
pub fn tool(program: &str, package: &str, arguments: &[&str]) -> Ended {
    let found =
        std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).exists()));
    assert!(found, "{program} is missing: apt-get install {package}");
    ended(Command::new(program).args(arguments).stdin(Stdio::null()))
}

/// Whether a process is there and not merely waiting to be reaped.
pub fn lives(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, state)| !state.starts_with('Z'))
}

/// Two ports that nobody uses now. Kept apart by asking for both at once.
pub fn free_ports() -> [u16; 2] {
    let held = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").expect("a free port"));
    held.map(|listener| listener.local_addr().expect("its address").port())
}
