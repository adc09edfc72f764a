//! Every program that is started, seen by strace: no secret in its arguments and none in its environment.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::estate::{TestEstate, tool};
use crate::places::answers_from;
use crate::search::Needle;

pub const SECRET: &str = "vX3mQ9tB7kLw2ZpR8nYc5HsD";

/// A run of the shell under strace; [`SECRET`] comes on its standard input.
pub struct Traced {
    pub estate: TestEstate,
    trace: PathBuf,
}

impl Traced {
    pub fn new() -> Self {
        assert_eq!(tool("strace", "strace", &["--version"]).code, 0);
        let estate = TestEstate::new();
        let trace = estate.folder().join("trace");
        Self { estate, trace }
    }

    /// Runs a script, in which `countersign` is the program with this estate, until everything that it started has
    /// ended.
    pub fn runs(&self, script: &str) {
        let function = "countersign() { \"$PROGRAM\" --estate \"$ESTATE\" \"$@\"; }";
        let mut strace = Command::new("strace")
            .args(["--follow-forks", "--seccomp-bpf", "--trace=execve,execveat", "--string-limit=65536", "--no-abbrev"])
            .arg("--output")
            .arg(&self.trace)
            .args(["sh", "-c", &format!("set -e\n{function}\n{script}")])
            .env("PROGRAM", crate::program())
            .env("ESTATE", self.estate.path(""))
            .current_dir(self.estate.folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("strace");
        let mut pipe = strace.stdin.take().expect("its input");
        pipe.write_all(format!("{SECRET}\n").as_bytes()).expect("written");
        drop(pipe);
        let ended = strace.wait_with_output().expect("ended");
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }

    /// The lines of the trace that show the secret.
    pub fn shown(&self) -> Vec<String> {
        let trace = std::fs::read_to_string(&self.trace).expect("the trace");
        let executions: Vec<&str> = trace.lines().filter(|line| line.contains("execve")).collect();
        assert!(executions.iter().any(|line| line.contains("\"b2bi\", \"serve\"")), "the engines are not in the trace");
        let secret = Needle::new(SECRET);
        let shown = executions.into_iter().filter(|line| !secret.forms_in(line.as_bytes()).is_empty());
        shown.map(|line| line.replace(SECRET, "…")).collect()
    }

    /// The words of an installation with the secret from this source.
    pub fn install(&self, source: &str) -> String {
        let answers = answers_from(&self.estate, source);
        let (https, client_auth) = self.estate.port_flags();
        format!("countersign install --yes --answers '{}' --set {https} --set {client_auth}", answers.display())
    }
}

#[test]
fn from_standard_input_no_program_is_shown_the_secret() {
    let traced = Traced::new();
    traced.runs(&format!("{}\ncountersign check\ncountersign stop", traced.install("stdin")));
    assert_eq!(traced.shown(), [""; 0]);
}

#[test]
fn from_a_variable_only_the_program_that_was_given_it_has_it() {
    let traced = Traced::new();
    let install = traced.install("env:SHARED");
    traced.runs(&format!("read -r given\nexport SHARED=$given\n{install}\nunset SHARED\ncountersign stop"));
    let shown = traced.shown();
    assert!(shown.len() == 1 && shown[0].contains("\"install\""), "{shown:#?}");
}

#[test]
fn from_a_file_or_a_command_no_program_is_shown_the_secret() {
    for (source, name) in [("file:", "file"), ("command:", "command")] {
        let traced = Traced::new();
        let path = traced.estate.folder().join("secret");
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).expect("made");
        file.write_all(SECRET.as_bytes()).expect("written");
        let source = match name {
            "file" => format!("{source}{}", path.display()),
            _ => format!("{source}[\"cat\",\"{}\"]", path.display()),
        };
        traced.runs(&format!("{}\ncountersign stop", traced.install(&source)));
        assert_eq!(traced.shown(), [""; 0], "{name}");
    }
}
