//! Installers of our own making: scripts that behave as installers do, and as they must not.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use super::run::{Ran, run};
use super::verdict::{Verdict, judge};
use crate::logfile::{Mark, compile};
use crate::secret::{Redactor, Secret};

const SECRET: &str = "Kq7-Zr2L_xW0aTn5VbK7mYc9";

/// Runs this script as an installer whose log is `$LOG`, and judges it as the stand-in's profile would.
fn installer(script: &str, seconds: u64) -> Verdict {
    in_folder(&tempfile::tempdir().expect("a folder"), script, seconds)
}

fn in_folder(dir: &tempfile::TempDir, script: &str, seconds: u64) -> Verdict {
    let log = dir.path().join("install.log");
    if !log.exists() {
        std::fs::write(&log, "an earlier run: ERROR\n").expect("written");
    }
    let mark = Mark::of(&log).expect("marked");
    let ran = ran(&format!("LOG='{}'; SECRET='{SECRET}'; {script}", log.display()), seconds, None);
    let patterns = |texts: &[&str]| compile(&texts.map_to_owned()).expect("patterns");
    let success = patterns(&["^Summary", r"Installed in\s+/"]);
    let failure = patterns(&[r"\bERROR\b", "has failed"]);
    let hide = Redactor::of([&Secret::copy_of(SECRET)]);
    judge(&ran, &mark.added().expect("read"), &success, &failure, &hide)
}

trait ToOwnedEach {
    fn map_to_owned(&self) -> Vec<String>;
}

impl ToOwnedEach for [&str] {
    fn map_to_owned(&self) -> Vec<String> {
        self.iter().map(|text| (*text).to_owned()).collect()
    }
}

fn ran(script: &str, seconds: u64, lock: Option<File>) -> Ran {
    run(&["sh", "-c", script].map(str::to_owned), Duration::from_secs(seconds), lock).expect("started")
}

fn failed(verdict: &Verdict) -> &str {
    let Verdict::Failed(text) = verdict else { panic!("{verdict:?}") };
    text
}

fn unclear(verdict: &Verdict) -> &str {
    let Verdict::Unclear(text) = verdict else { panic!("{verdict:?}") };
    text
}

const GOOD: &str = "echo 'Initialization in progress'; echo Summary; echo 'Installed in /opt/x'";

#[test]
fn success_is_what_it_says_wherever_it_says_it_and_whatever_its_exit_code() {
    assert_eq!(installer(GOOD, 60), Verdict::Succeeded);
    assert_eq!(installer(&format!("{GOOD}; exit 4"), 60), Verdict::Succeeded);
    assert_eq!(installer("echo Summary >&2; printf 'Installed in\\n   /opt/x' >>$LOG", 60), Verdict::Succeeded);
    assert_eq!(installer(&format!("mv $LOG $LOG.1; {GOOD} >$LOG"), 60), Verdict::Succeeded);
}

#[test]
fn one_word_of_failure_is_enough() {
    let told = installer(&format!("{GOOD}; echo '12:00 ERROR: no space' >>$LOG"), 60);
    assert_eq!(failed(&told), "it says that it failed: 12:00 ERROR: no space");
    let told = installer(&format!("echo 'Configuration has'; echo ' failed.'; {GOOD}"), 60);
    assert_eq!(failed(&told), "it says that it failed: Configuration has failed.");
    let told = installer(&format!("echo '12:00 ERROR' >>$LOG; mv $LOG $LOG.1; {GOOD} >$LOG"), 60);
    assert_eq!(failed(&told), "it says that it failed: 12:00 ERROR");
}

#[test]
fn what_is_not_clear_is_shown_as_it_stands() {
    let told = installer("echo Summary; echo 'Nothing was changed'; echo 'see above' >>$LOG", 60);
    assert_eq!(
        unclear(&told),
        "it ended with exit code 0, but nowhere does it say `Installed in\\s+/`\nthe last that it printed:\n  Summary\n  \
         Nothing was changed\nthe last in its log:\n  see above"
    );
    assert!(unclear(&installer(":", 60)).ends_with("say `^Summary` or `Installed in\\s+/`"));
    assert!(
        unclear(&installer(&format!("{GOOD}; kill -9 $$"), 60)).starts_with("it said that it succeeded, but signal 9")
    );
    let ran = ran(GOOD, 60, None);
    let verdict = judge(&ran, &crate::logfile::Added::default(), &[], &[], &Redactor::of([]));
    assert!(unclear(&verdict).starts_with("its profile does not say"));
}

#[test]
fn without_a_word_of_success_a_bad_end_is_a_failure() {
    assert!(
        failed(&installer("echo 'Segmentation fault'; exit 139", 60)).starts_with("it ended with exit code 139 and")
    );
    assert!(failed(&installer("kill -9 $$", 60)).starts_with("signal 9 ended it and"));
}

#[test]
fn one_that_hangs_is_ended_with_all_that_it_started() {
    for script in [
        "echo 'Please wait'; sleep 60",
        "trap '' TERM; echo 'Please wait'; (trap '' TERM; while :; do sleep 1; done) & while :; do sleep 1; done",
        "echo 'Please wait'; read nothing </dev/zero",
    ] {
        let told = installer(script, 1);
        assert_eq!(failed(&told), "it did not end within 1 s and was ended\nthe last that it printed:\n  Please wait");
    }
    assert!(failed(&installer(&format!("{GOOD}; yes"), 1)).starts_with("it did not end within 1 s"));
}

#[test]
fn what_it_leaves_behind_may_keep_its_output_open() {
    let dir = tempfile::tempdir().expect("a folder");
    let pid = dir.path().join("pid");
    let told = in_folder(&dir, &format!("{GOOD}; sleep 60 & echo $! >'{}'", pid.display()), 50);
    assert_eq!(told, Verdict::Succeeded);
    assert!(process_ended(&pid), "it still ran, and was not waited for");
}

/// Ends a process whose number a file holds; whether there was one.
fn process_ended(pid: &Path) -> bool {
    let text = std::fs::read_to_string(pid).expect("its number");
    let pid = rustix::process::Pid::from_raw(text.trim().parse().expect("a number")).expect("a process");
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).is_ok()
}

#[test]
fn a_secret_that_it_prints_is_not_shown() {
    let told = installer("echo \"-s $SECRET\"; echo $SECRET | base64; echo $SECRET | rev; exit 3", 60);
    let text = failed(&told);
    assert!(text.contains("\n  -s [hidden]\n  [hidden]") && !text.contains(&SECRET[..8]), "{text}");
    let told = installer("echo \"12:00 ERROR: wrong secret $SECRET\" >>$LOG", 60);
    assert_eq!(failed(&told), "it says that it failed: 12:00 ERROR: wrong secret [hidden]");
    let padded = "printf '%0380d ERROR %s\\n' 0 \"$SECRET\" >>$LOG";
    assert!(!failed(&installer(padded, 60)).contains(&SECRET[..4]));
}

#[test]
fn very_much_output_is_bounded_and_then_not_believed() {
    let told = installer(&format!("yes \"$(printf '%0900d' 0)\" | head -c 3000000; {GOOD}"), 60);
    assert!(unclear(&told).starts_with("it said that it succeeded, but wrote so much that"), "{told:?}");
}

#[test]
fn it_gets_the_lock_an_empty_environment_and_a_group_of_its_own() {
    let lock = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(lock.path(), "the lock\n").expect("written");
    let ran = ran("cat; env | grep -c HOME; ps -o pgid= -p $$ | tr -d ' '; echo $$", 60, lock.reopen().ok());
    let lines: Vec<&str> = ran.output.lines().collect();
    assert_eq!(lines[..2], ["the lock", "0"]);
    assert_eq!(lines[2], lines[3]);
}

#[test]
fn what_cannot_be_started_is_told() {
    let error = run(&["/nowhere/configure.sh".to_owned()], Duration::from_secs(1), None).err().expect("refused");
    assert!(error.to_string().starts_with("/nowhere/configure.sh cannot be started: No such file"), "{error}");
}
