//! Running the program as a user who may nothing.

use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::estate::{Ended, QUICKSTART, TestEstate, ended};

/// The user `nobody`.
pub const NOBODY: u32 = 65534;

/// The binary where everybody can run it: the build folder may lie where others cannot enter.
pub fn binary(folder: &Path) -> PathBuf {
    let copy = folder.join("countersign");
    std::fs::copy(crate::program(), &copy).expect("copied");
    copy
}

/// The binary as a user who may nothing; as ourselves when that is so already.
pub fn as_nobody(binary: &Path) -> Command {
    if !is_root() {
        return Command::new(binary);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps=-all", "--no-new-privs"]);
    command.arg(binary);
    command
}

/// Whether the tests run as root.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// An estate in the folder of `nobody`, installed by that user with a copy of the program.
pub struct NobodysEstate {
    /// The estate.
    pub estate: TestEstate,
    binary: PathBuf,
}

impl NobodysEstate {
    /// Installs it.
    pub fn installed() -> Self {
        let estate = TestEstate::new();
        let this = Self { binary: binary(estate.folder()), estate };
        if is_root() {
            chown(this.estate.folder(), Some(NOBODY), Some(NOBODY)).expect("given away");
        }
        let answers = this.estate.folder().join("answers.toml");
        std::fs::copy(QUICKSTART, &answers).expect("copied");
        let (https, client_auth) = this.estate.port_flags();
        let answers = answers.to_str().expect("UTF-8");
        let installed = this.run(&["install", "--yes", "--answers", answers, "--set", &https, "--set", &client_auth]);
        assert_eq!(installed.code, 0, "{installed:#?}");
        this
    }

    /// The program as that user, told of the estate.
    pub fn command(&self) -> Command {
        let mut command = as_nobody(&self.binary);
        command.arg("--estate").arg(self.estate.path("")).current_dir(self.estate.folder());
        command
    }

    /// Runs a verb as that user.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        ended(self.command().args(arguments))
    }
}
