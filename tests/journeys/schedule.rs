//! A schedule: units that systemd accepts, a question whether a rotation is due, reminders.

use serde_json::json;

use crate::estate::{TestEstate, tool};

#[test]
fn a_schedule_is_written_checked_by_systemd_answered_and_removed() {
    let estate = TestEstate::installed();
    let (code, schedule) = estate.json(&["rotate", "--every", "90d"]);
    assert_eq!((code, &schedule["every"]), (0, &json!("90d")), "{schedule:#}");
    let units = ["service", "timer"].map(|unit| schedule[unit].as_str().expect("a path").to_owned());
    let service = std::fs::read_to_string(&units[0]).expect("the service");
    assert!(service.contains("Type=oneshot\n") && service.contains(" rotate --yes --json\n"), "{service}");
    let verified = tool("systemd-analyze", "systemd", &["verify", &units[0], &units[1]]);
    assert_eq!((verified.code, verified.stderr.contains("countersign-rotate")), (0, false), "{verified:#?}");

    let (_, status) = estate.json(&["status"]);
    assert_eq!((&status["rotation"]["every"], &status["rotation"]["overdue"]), (&json!("90d"), &json!(false)));
    assert_eq!(estate.run(&["status", "--due"]).code, 4, "just installed");
    let history = estate.path("history.jsonl");
    let text = std::fs::read_to_string(&history).expect("the history");
    let year = &text[text.find("\"time\":\"").expect("a time") + 8..][..4];
    std::fs::write(&history, text.replace(year, "2010")).expect("written");
    assert_eq!(estate.run(&["status", "--due"]).code, 0);
    let status = estate.run(&["status"]);
    assert_eq!(status.code, 0);
    assert!(status.stdout.contains("the rotation is overdue since 201"), "{}", status.stdout);

    let said = estate.run(&["rotate", "--every", "off"]);
    assert_eq!(said.code, 0, "{said:#?}");
    assert!(said.stdout.contains("systemctl disable --now countersign-rotate.timer"), "{}", said.stdout);
    assert!(!estate.path("schedule").exists());
    assert_eq!(estate.run(&["status", "--due"]).code, 4, "nothing is due without a schedule");
}

#[test]
fn what_is_no_period_is_refused_and_a_schedule_goes_with_the_estate() {
    let estate = TestEstate::installed();
    assert_eq!(estate.run(&["rotate", "--every", "daily"]).code, 2);
    assert_eq!(estate.run(&["rotate", "--every", "30m"]).code, 3);
    let said = estate.run(&["rotate", "--every", "2w"]);
    assert_eq!(said.code, 0, "{said:#?}");
    assert!(said.stdout.contains("A rotation every 14d") && said.stdout.contains("systemctl link "), "{}", said.stdout);
    let gone = estate.run(&["uninstall", "--yes"]);
    assert_eq!(gone.code, 0, "{gone:#?}");
    assert!(gone.stderr.contains("systemctl disable --now"), "{}", gone.stderr);
    assert!(!estate.path("").exists());
}
