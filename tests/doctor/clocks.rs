//! Authorities whose clocks are not ours: Debian's faketime moves them, nothing else.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use countersign::doctor::codes::Code;
use serde_json::{Value, json};

use crate::bench::Bench;
use crate::estate::ended;

pub const FAR: [Code; 2] = [Code::ClockAhead, Code::ClockBehind];
pub const NEAR: [Code; 1] = [Code::ClockAhead];
pub const OURS: [Code; 3] = [Code::UntrustedKeystore, Code::ClockAhead, Code::ClockBehind];

/// The estate's authority as a child of ours with another clock.
struct Shifted(Child);

impl Shifted {
    /// Stops the one that runs and starts it again with its clock moved.
    fn start(bench: &Bench, by: &str) -> Self {
        bench.run(&["passport", "stop"], 0);
        let mut child = at_another_time(by)
            .args(["passport", "serve", "--home"])
            .arg(bench.estate.path("passport"))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("faketime is missing: apt-get install faketime");
        let mut lines = BufReader::new(child.stderr.take().expect("its output")).lines();
        lines.next().expect("a line once it is ready").expect("readable");
        std::thread::spawn(move || lines.for_each(drop));
        Self(child)
    }

    fn end(mut self, bench: &Bench) {
        bench.run(&["passport", "stop"], 0);
        self.0.wait().expect("ended");
    }
}

impl Drop for Shifted {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The program, for which the clock is moved.
fn at_another_time(by: &str) -> Command {
    let mut command = Command::new("faketime");
    // Only the clock on the wall: what is waited for takes as long as ever.
    command.args(["-f", by]).arg(crate::program()).env("FAKETIME_DONT_FAKE_MONOTONIC", "1").stdin(Stdio::null());
    command
}

fn requests(bench: &Bench) -> usize {
    let (code, requests) = bench.estate.json(&["passport", "requests"]);
    assert_eq!(code, 0, "{requests:#}");
    requests.as_array().map_or(0, Vec::len)
}

#[test]
fn twenty_minutes_of_difference_end_a_registration_before_anything_is_submitted() {
    let mut bench = Bench::new();
    let before = requests(&bench);
    for (by, code, way) in [("+20m", Code::ClockAhead, "ahead"), ("-20m", Code::ClockBehind, "behind")] {
        let shifted = Shifted::start(&bench, by);
        bench.tells("integrator", 4, code, "trouble", &format!(" s {way}"));
        let (exit, said) = bench.estate.json(&["register", "integrator", "--again"]);
        assert_eq!(exit, 7, "{said:#}");
        let message = said["message"].as_str().expect("a message");
        let seconds: i64 = message
            .split_once("differs by ")
            .and_then(|(_, behind)| behind.split_once(" s"))
            .and_then(|(seconds, _)| seconds.parse().ok())
            .unwrap_or_else(|| panic!("no difference in {message}"));
        assert!((1195..=1205).contains(&seconds.abs()) && (seconds > 0) == (way == "ahead"), "{message}");
        assert_eq!(requests(&bench), before, "nothing was submitted");
        shifted.end(&bench);
    }
    bench.run(&["passport", "start"], 0);
    // Nothing was set aside for a registration that could not be.
    bench.tells("integrator", 0, Code::Fine, "fine", "Registered");
    bench.ended(&FAR);
}

#[test]
fn three_minutes_of_difference_are_a_warning_and_the_registration_goes_on() {
    let mut bench = Bench::new();
    let shifted = Shifted::start(&bench, "+3m");
    bench.tells("integrator", 0, Code::ClockAhead, "warning", " s ahead");
    let text = bench.run(&["register", "integrator", "--again"], 0);
    assert!(text.contains("s ahead: synchronise the clocks"), "{text}");
    let (_, status) = bench.estate.json(&["status"]);
    assert_eq!(status["components"][0]["registration"], json!("Registered"));
    shifted.end(&bench);
    bench.run(&["passport", "start"], 0);
    bench.ended(&NEAR);
}

#[test]
fn by_a_wrong_clock_of_ours_the_keystore_is_not_valid_yet_or_no_more() {
    let bench = Bench::new();
    for (by, words, clock) in
        [("-2h", "its certificate is valid only in ", OURS[1]), ("+20y", "its certificate ended ", OURS[2])]
    {
        let mut command = at_another_time(by);
        command.args(["doctor", "integrator", "--json", "--estate"]).arg(bench.estate.path(""));
        let ended = ended(&mut command);
        let report: Value = serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:#?}"));
        let findings = report["findings"].as_array().expect("findings");
        let codes: Vec<Code> =
            findings.iter().map(|one| one["code"].as_str().expect("text").parse().expect("a code")).collect();
        assert_eq!((ended.code, &codes[..]), (4, &[OURS[0], clock][..]), "{report:#}");
        assert!(findings[0]["detail"].as_str().is_some_and(|text| text.contains(words)), "{report:#}");
    }
}
