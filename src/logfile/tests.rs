//! Logs that are written while they are read.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use proptest::prelude::*;

use super::*;

const LONG: Duration = Duration::from_mins(1);
const NOW: Duration = Duration::ZERO;

fn patterns() -> Patterns {
    let list = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let aligned = list(&["(?i)self-registration succeeded"]);
    let differs = list(&["(?i)registration has been refused"]);
    Patterns::new(&aligned, &differs, &list(&[r"\[Status:\s*Waiting"])).expect("patterns")
}

struct Log {
    dir: tempfile::TempDir,
}

impl Log {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("a folder") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn add(&self, name: &str, text: impl AsRef<[u8]>) {
        let mut file = OpenOptions::new().append(true).create(true).open(self.path(name)).expect("opened");
        file.write_all(text.as_ref()).expect("written");
    }

    fn follow(&self, pattern: &str) -> Follower {
        Follower::at_end(&self.path(pattern), "utf-8").expect("followed")
    }
}

fn aligned(line: &str) -> Said {
    Said::Aligned(line.to_owned())
}

fn silent(lines: &[&str]) -> Said {
    Said::Silent(lines.iter().map(|line| (*line).to_owned()).collect())
}

const GOOD: &str = "06:18:50 INFO self-registration succeeded";

#[test]
fn only_what_is_written_from_now_on_counts() {
    let log = Log::new();
    log.add("te.log", format!("{GOOD}\n"));
    let mut follower = log.follow("te.log");
    assert_eq!(follower.wait(&patterns(), NOW), silent(&[]));
    log.add("te.log", "06:18:51 something else\n");
    assert_eq!(follower.wait(&patterns(), NOW), silent(&["06:18:51 something else"]));
    log.add("te.log", "06:18:52 Registration has been refused. Ask.\n");
    assert_eq!(follower.wait(&patterns(), NOW), Said::Differs("06:18:52 Registration has been refused. Ask.".into()));
}

#[test]
fn a_line_is_waited_for_while_the_writer_keeps_its_file_open() {
    let log = Log::new();
    log.add("te.log", "06:00:00 begun\n");
    let mut follower = log.follow("te.log");
    let mut file = OpenOptions::new().append(true).open(log.path("te.log")).expect("opened");
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let writer = std::thread::spawn(move || {
        file.write_all(b"06:18:49 noise\n06:18:50 INFO self-registration ").expect("written");
        file.write_all(b"succeeded\n").expect("written");
        // Until the reader has told.
        wait.recv().expect("told");
    });
    assert_eq!(follower.wait(&patterns(), LONG), aligned(GOOD));
    go.send(()).expect("it waits");
    writer.join().expect("ended");
}

#[test]
fn a_log_and_its_folders_may_come_later() {
    let log = Log::new();
    let mut follower = log.follow("a/b/te.log");
    let path = log.path("a/b");
    let writer = std::thread::spawn(move || {
        std::fs::create_dir_all(&path).expect("made");
        std::fs::write(path.join("te.log"), format!("{GOOD}\n")).expect("written");
    });
    assert_eq!(follower.wait(&patterns(), LONG), aligned(GOOD));
    writer.join().expect("ended");
}

#[test]
fn the_end_of_a_file_that_was_renamed_and_its_successor_are_read() {
    for late in [true, false] {
        let log = Log::new();
        log.add("te.log", "06:00:00 begun\n");
        let mut old = OpenOptions::new().append(true).open(log.path("te.log")).expect("opened");
        let mut follower = log.follow("te.log");
        assert_eq!(follower.wait(&patterns(), NOW), silent(&[]));
        let (from, to) = (log.path("te.log"), log.path("te.log.1"));
        let writer = std::thread::spawn(move || {
            std::fs::rename(&from, to).expect("renamed");
            std::fs::write(&from, "06:18:00 new file\n").expect("written");
            let line = format!("{GOOD}\n");
            if late {
                old.write_all(line.as_bytes()).expect("written");
            } else {
                OpenOptions::new()
                    .append(true)
                    .open(from)
                    .expect("opened")
                    .write_all(line.as_bytes())
                    .expect("written");
            }
        });
        assert_eq!(follower.wait(&patterns(), LONG), aligned(GOOD), "late: {late}");
        writer.join().expect("ended");
    }
}

#[test]
fn a_file_that_was_copied_and_cut_is_read_on_in_both() {
    let log = Log::new();
    log.add("te.log", format!("06:00:00 {}\n", "begun ".repeat(100)));
    let mut follower = log.follow("te.log");
    log.add("te.log", "06:01:00 seen\n");
    assert_eq!(follower.wait(&patterns(), NOW), silent(&["06:01:00 seen"]));
    // Between the last look and the cut.
    log.add("te.log", format!("{GOOD}\n"));
    std::fs::copy(log.path("te.log"), log.path("te.log.1")).expect("copied");
    std::fs::write(log.path("te.log"), "").expect("cut");
    assert_eq!(follower.wait(&patterns(), NOW), aligned(GOOD));
    // Cut, and grown beyond what it was.
    let refused = "07:00:00 Registration has been refused.";
    std::fs::write(log.path("te.log"), format!("{}{refused}\n", "07:00:00 again\n".repeat(100))).expect("written");
    assert_eq!(follower.wait(&patterns(), NOW), Said::Differs(refused.into()));
}

#[test]
fn a_new_file_of_a_pattern_is_read_from_its_beginning_but_a_copy_is_not() {
    let log = Log::new();
    log.add("te-1.log", format!("06:00:00 {}\n{GOOD}\n", "x".repeat(600)));
    let mut follower = log.follow("te-*.log");
    std::fs::copy(log.path("te-1.log"), log.path("te-0.log")).expect("copied");
    assert_eq!(follower.wait(&patterns(), NOW), silent(&[]));
    log.add("te-2.log", format!("{GOOD}\n"));
    assert_eq!(follower.wait(&patterns(), NOW), aligned(GOOD));
    assert_eq!(follower.wait(&patterns(), NOW), silent(&[GOOD]));
}

#[test]
fn the_last_that_is_said_counts_and_pending_waits_for_more() {
    let log = Log::new();
    let mut follower = log.follow("te.log");
    let held = "06:00:00 Registration is still in progress. [Status:Waiting Validation]";
    log.add("te.log", format!("{held}\n"));
    assert_eq!(follower.wait(&patterns(), NOW), Said::Pending(held.into()));
    log.add("te.log", format!("06:00:01 Registration has been refused.\n06:00:02 again\n{GOOD}\n06:00:03 on\n"));
    assert_eq!(follower.wait(&patterns(), NOW), aligned(GOOD));
}

#[test]
fn a_line_may_be_wrapped_and_the_last_one_need_not_be_ended() {
    let log = Log::new();
    let mut follower = log.follow("te.log");
    log.add("te.log", "06:18:50 INFO (Class) - Regis\r\n    tration has been\r\n    refused. [Status:\r\n");
    let Said::Differs(line) = follower.wait(&patterns(), NOW) else { panic!("it was not understood") };
    assert_eq!(line, "06:18:50 INFO (Class) - Registration has been refused. [Status:");
    log.add("te.log", GOOD);
    assert_eq!(follower.wait(&patterns(), NOW), aligned(GOOD));
}

#[test]
fn lines_without_end_are_bounded_and_a_writer_without_end_does_not_hold_us() {
    let log = Log::new();
    let mut follower = log.follow("te.log");
    log.add("te.log", "z".repeat(50_000));
    let Said::Silent(lines) = follower.wait(&patterns(), NOW) else { panic!("nothing was said") };
    assert!(lines.iter().all(|line| line.chars().count() < 500) && lines.len() <= 20);
    let mut yes = std::process::Command::new("yes")
        .stdout(OpenOptions::new().append(true).open(log.path("te.log")).expect("opened"))
        .spawn()
        .expect("started");
    let has_seen = |said| matches!(said, Said::Silent(lines) if lines.iter().any(|line| line == "y"));
    while !has_seen(follower.wait(&patterns(), Duration::from_millis(50))) {}
    yes.kill().and_then(|()| yes.wait()).expect("ended");
}

#[test]
fn what_cannot_be_read_is_told() {
    let log = Log::new();
    assert!(Follower::at_end(&log.path("te.log"), "ebcdic").is_err());
    let mut follower = log.follow("te.log");
    rustix::fs::mkfifoat(rustix::fs::CWD, log.path("te.log"), 0o600.into()).expect("made");
    assert_eq!(follower.wait(&patterns(), NOW), silent(&[]));
    assert!(last(&log.path("te.log"), "utf-8", &patterns()).is_err());
}

#[test]
fn the_last_word_of_a_large_log_is_found_from_its_end() {
    let log = Log::new();
    let path = log.path("te.log");
    let noise = format!("06:00:00 {}\n", "noise ".repeat(40)).repeat(12_000);
    let refused = "06:00:01 Registration\n has been refused.\n";
    assert!(last(&path, "utf-8", &patterns()).is_err());
    for (text, expected) in [
        (noise.clone(), None),
        (format!("{refused}{GOOD}\n{noise}"), Some(aligned(GOOD))),
        (format!("{GOOD}\n{noise}{refused}"), Some(Said::Differs("06:00:01 Registration has been refused.".into()))),
    ] {
        std::fs::write(&path, text).expect("written");
        assert_eq!(last(&path, "utf-8", &patterns()).expect("read"), expected);
    }
}

#[test]
fn the_last_word_is_found_across_the_border_of_two_blocks() {
    let log = Log::new();
    let path = log.path("te.log");
    for before in [60, 45, 20, 1].map(|less| (1 << 20) - less) {
        let text = format!("begun\n{GOOD}\n{}\n", "x".repeat(before));
        std::fs::write(&path, text).expect("written");
        assert_eq!(last(&path, "utf-8", &patterns()).expect("read"), Some(aligned(GOOD)), "{before}");
    }
}

#[test]
fn a_log_in_utf_16_is_followed_and_read() {
    let log = Log::new();
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    log.add("te.log", wide("\u{feff}06:00:00 begun\r\n"));
    let mut follower = Follower::at_end(&log.path("te.log"), "utf-16").expect("followed");
    let bytes = wide(&format!("{GOOD} é\r\n"));
    log.add("te.log", &bytes[..31]);
    assert_eq!(follower.wait(&patterns(), NOW), silent(&["06:18:50 INFO s"]));
    log.add("te.log", &bytes[31..]);
    log.add("te.log", wide(&format!("{GOOD} é\r\n")));
    assert_eq!(follower.wait(&patterns(), NOW), aligned(&format!("{GOOD} é")));
    assert_eq!(last(&log.path("te.log"), "utf-16", &patterns()).expect("read"), Some(aligned(&format!("{GOOD} é"))));
}

#[test]
fn what_was_added_meanwhile_is_told_whatever_became_of_the_file() {
    let added = |change: &dyn Fn(&Log)| {
        let log = Log::new();
        log.add("install.log", "long ago\n".repeat(100));
        let mark = Mark::of(&log.path("install.log")).expect("marked");
        change(&log);
        mark.added().expect("read").text
    };
    let path = |log: &Log| log.path("install.log");
    let rename = |log: &Log| std::fs::rename(path(log), log.path("install.log.1")).expect("renamed");
    assert_eq!(added(&|log| log.add("install.log", "done\n")), "done\n");
    assert_eq!(added(&|_| ()), "");
    assert_eq!(added(&|log| std::fs::write(path(log), "done\n").expect("written")), "done\n");
    assert_eq!(added(&|log| std::fs::write(path(log), "done\n".repeat(999)).expect("written")), "done\n".repeat(999));
    assert_eq!(added(&|log| std::fs::remove_file(path(log)).expect("removed")), "");
    let rotated = |log: &Log| {
        log.add("install.log", "one\n");
        rename(log);
        log.add("install.log", "two\n");
    };
    assert_eq!(added(&rotated), "one\ntwo\n");
}

#[test]
fn of_very_much_that_was_added_the_end_is_told() {
    let log = Log::new();
    let mark = Mark::of(&log.path("install.log")).expect("marked");
    log.add("install.log", "0123456789abcde\n".repeat(512 << 10));
    log.add("install.log", "done\n");
    let added = mark.added().expect("read");
    assert_eq!((added.text.len(), added.lost), (4 << 20, (4 << 20) + 5));
    assert!(added.text.ends_with("done\n"));
}

proptest! {
    #[test]
    fn any_bytes_are_read_alike_at_once_and_in_pieces(bytes: Vec<u8>, cut in 0_usize..64, which in 0_usize..4) {
        let encoding = ["utf-8", "utf-16", "latin-1", "windows-1252"][which];
        let (log, cut) = (Log::new(), cut.min(bytes.len()));
        let follow = |name: &str| Follower::at_end(&log.path(name), encoding).expect("followed");
        let (mut whole, mut pieces) = (follow("whole"), follow("pieces"));
        log.add("whole", &bytes);
        log.add("pieces", &bytes[..cut]);
        let _ = pieces.look_for_test(&patterns());
        log.add("pieces", &bytes[cut..]);
        prop_assert_eq!(whole.wait(&patterns(), NOW), pieces.wait(&patterns(), NOW));
        prop_assert!(last(Path::new(&log.path("whole")), encoding, &patterns()).is_ok());
    }
}
