//! Authorities whose clocks are not ours, and ours that is not theirs.

use countersign::doctor::codes::Code;
use serde_json::{Value, json};

use crate::bench::Bench;
use crate::estate::ended;
use crate::shifted::{Shifted, at_another_time, difference};

pub const FAR: [Code; 2] = [Code::ClockAhead, Code::ClockBehind];
pub const NEAR: [Code; 1] = [Code::ClockAhead];
pub const OURS: [Code; 3] = [Code::UntrustedKeystore, Code::ClockAhead, Code::ClockBehind];

/// Stops the estate's authority and starts it again with its clock moved.
fn shifted(bench: &Bench, by: &str) -> Shifted {
    bench.run(&["passport", "stop"], 0);
    Shifted::start(&bench.estate.path("passport"), by)
}

fn end(shifted: Shifted, bench: &Bench) {
    bench.run(&["passport", "stop"], 0);
    shifted.ended();
}

fn requests(bench: &Bench) -> usize {
    let (code, requests) = bench.estate.json(&["passport", "requests"]);
    assert_eq!(code, 0, "{requests:#}");
    requests.as_array().map_or(0, Vec::len)
}

#[test]
fn ten_minutes_of_difference_end_a_registration_before_anything_is_submitted() {
    let mut bench = Bench::new();
    let before = requests(&bench);
    for (by, code, way) in [("+10m", Code::ClockAhead, "ahead"), ("-10m", Code::ClockBehind, "behind")] {
        let shifted = shifted(&bench, by);
        bench.tells("integrator", 4, code, "trouble", &format!(" s {way}"));
        let (exit, said) = bench.estate.json(&["register", "integrator", "--again"]);
        assert_eq!(exit, 7, "{said:#}");
        let message = said["message"].as_str().expect("a message");
        let is_off = |seconds: i64| (595..=605).contains(&seconds.abs()) && (seconds > 0) == (way == "ahead");
        assert!(is_off(difference(message)), "{message}");
        assert_eq!(requests(&bench), before, "nothing was submitted");
        let (exit, refused) = bench.estate.json(&["rotate", "--yes"]);
        let problems = refused["problems"].as_array().expect("a list");
        let [Value::String(line)] = &problems[..] else { panic!("{refused:#}") };
        assert!(exit == 3 && line.contains(": synchronise the clocks"), "{refused:#}");
        assert!(is_off(difference(line)), "{line}");
        end(shifted, &bench);
    }
    bench.run(&["passport", "start"], 0);
    // Nothing was set aside for a registration that could not be.
    bench.tells("integrator", 0, Code::Fine, "fine", "Registered");
    bench.ended(&FAR);
}

#[test]
fn three_minutes_of_difference_are_a_warning_and_the_registration_goes_on() {
    let mut bench = Bench::new();
    let shifted = shifted(&bench, "+3m");
    bench.tells("integrator", 0, Code::ClockAhead, "warning", " s ahead");
    let text = bench.run(&["register", "integrator", "--again"], 0);
    assert!(text.contains("s ahead: synchronise the clocks"), "{text}");
    let (_, status) = bench.estate.json(&["status"]);
    assert_eq!(status["components"][0]["registration"], json!("Registered"));
    end(shifted, &bench);
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
