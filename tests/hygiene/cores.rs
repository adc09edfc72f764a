//! Core dumps and the memory of a process: closed to everybody but root.

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use portable_pty::CommandBuilder;
use rustix::process::{Pid, Signal, geteuid, kill_process};

use crate::estate::{QUICKSTART, TestEstate, ended};
use crate::places::answers_from;
use crate::terminal::Terminal;
use crate::walk::Screen;

const NOBODY: u32 = 65534;
/// Runs what follows as a user without privileges, who could read the memory of its own processes.
const AS_NOBODY: [&str; 7] = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps=-all"];

/// Whether a process writes core dumps, by its limit.
fn core_limits(pid: &str) -> Vec<String> {
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).expect("its limits");
    let line = limits.lines().find_map(|line| line.strip_prefix("Max core file size")).expect("the limit");
    line.split_whitespace().take(2).map(str::to_owned).collect()
}

/// The files of a process belong to root when it is not dumpable, else to its user.
fn owner(pid: &str) -> u32 {
    std::fs::metadata(format!("/proc/{pid}/mem")).expect("a process").uid()
}

#[test]
fn every_process_of_ours_writes_no_core_and_shows_its_memory_to_nobody() {
    assert!(geteuid().is_root(), "run this as root");
    let estate = TestEstate::new();
    let program = estate.folder().join("countersign");
    std::fs::copy(crate::program(), &program).expect("a copy that everybody can run");
    let answers = estate.folder().join("answers.toml");
    std::fs::copy(QUICKSTART, &answers).expect("copied");
    chown(estate.folder(), Some(NOBODY), Some(NOBODY)).expect("given away");
    let (https, client_auth) = estate.port_flags();
    let mut install = Command::new(AS_NOBODY[0]);
    install.args(&AS_NOBODY[1..]).arg(&program).arg("--estate").arg(estate.path("")).current_dir(estate.folder());
    install.args(["install", "--yes", "--set", &https, "--set", &client_auth, "--answers"]).arg(&answers);
    let installed = ended(&mut install);
    assert_eq!(installed.code, 0, "{installed:#?}");

    let mut wizard = CommandBuilder::from_argv(AS_NOBODY.map(Into::into).into());
    wizard.args([program.as_os_str(), "--estate".as_ref(), estate.path("").as_os_str()]);
    wizard.env_clear();
    wizard.env("PATH", std::env::var_os("PATH").expect("PATH"));
    wizard.env("TERM", "xterm");
    wizard.cwd(estate.folder());
    let mut wizard = Terminal::start(wizard, 24, 80);
    wizard.see("Welcome");

    let mut other = Command::new(AS_NOBODY[0]);
    other.args(&AS_NOBODY[1..]).arg("cat").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut other = other.spawn().expect("another program");
    let mut pipe = other.stdin.take().expect("its input");
    pipe.write_all(b"there").expect("written");
    other.stdout.as_mut().expect("its output").read_exact(&mut [0; 5]).expect("it runs");
    assert_eq!(owner(&other.id().to_string()), NOBODY, "another program's memory is its user's");
    drop(pipe);
    other.wait().expect("ended");

    let pids = estate.pids();
    assert!(pids.len() == 3 && pids.iter().all(|pid| !pid.is_empty()), "not everything runs");
    for pid in pids.into_iter().chain([wizard.pid()]) {
        assert_eq!(core_limits(&pid), ["0", "0"], "process {pid} writes cores");
        assert_eq!(owner(&pid), 0, "process {pid} can be looked into");
    }
}

/// How a command ends that waits for a fifo to be written, when it is aborted in the middle.
fn aborted(command: &mut Command, folder: &Path, fifo: &Path) -> ExitStatus {
    let mut child = command.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started");
    // Opens when the other side does: then the program runs and waits for its secret.
    let mut pipe = OpenOptions::new().write(true).open(fifo).expect("opened");
    pipe.write_all(b"half a sec").expect("written");
    let pid = Pid::from_raw(child.id().try_into().expect("an id")).expect("an id");
    kill_process(pid, Signal::ABORT).expect("aborted");
    child.wait().expect("ended")
}

#[test]
fn an_aborted_program_leaves_no_core() {
    let estate = TestEstate::new();
    let fifo = estate.folder().join("fifo");
    assert!(Command::new("mkfifo").arg("-m").arg("600").arg(&fifo).status().expect("mkfifo").success());
    // Whoever starts us may allow cores.
    let allowed = "ulimit -c unlimited; exec \"$@\"";
    let run = |program: &[&str]| {
        let mut command = Command::new("sh");
        command.args(["-c", allowed, "sh"]).args(program);
        aborted(&mut command, estate.folder(), &fifo)
    };
    let fifo_path = fifo.to_str().expect("UTF-8");
    let other = run(&["cat", fifo_path]);
    assert!(other.core_dumped(), "this system writes no cores at all, so this shows nothing: {other}");
    let before = std::fs::read_dir(estate.folder()).expect("listed").count();

    let answers = answers_from(&estate, &format!("command:[\"cat\",\"{fifo_path}\"]"));
    let program = crate::program().to_str().expect("UTF-8");
    let ours = run(&[program, "install", "--yes", "--answers", answers.to_str().expect("UTF-8")]);
    assert_eq!((ours.signal(), ours.core_dumped()), (Some(Signal::ABORT.as_raw()), false));
    assert_eq!(std::fs::read_dir(estate.folder()).expect("listed").count(), before + 1, "only the answers are new");
}
