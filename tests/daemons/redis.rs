//! Redis: told online, and it rewrites its own file; replicas that are restarted, stopped meanwhile, reloaded; a client
//! that reads its file each time.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::site::{FIRST, SECOND, Site};

/// The steps of a plan, by their titles.
fn titles(plan: &str) -> Vec<&str> {
    plan.lines().filter_map(|line| line.strip_prefix("# ")).collect()
}

/// What `check` found: component, level and verdict of each place.
fn verdicts(report: &Value) -> Vec<String> {
    let places = report["places"].as_array().expect("places");
    let word = |place: &Value, key: &str| place[key].as_str().expect("a word").to_owned();
    let line = |place: &Value| ["component", "level", "verdict"].map(|key| word(place, key)).join(" ");
    places.iter().map(line).collect()
}

#[test]
fn every_way_of_taking_a_secret_over_is_planned_done_proved_and_put_back() {
    let site = Site::running();
    let before = site.pids();

    let plan = site.run(&["configure", "--plan", "--answers", "answers.toml"]);
    assert_eq!(plan.code, 4, "{plan:#?}");
    let steps: Vec<&str> = titles(&plan.stdout)
        .into_iter()
        .filter(|title| !title.starts_with("Note: ") && !title.contains(".toml"))
        .collect();
    assert_eq!(
        steps,
        [
            "Stop Replica shadow",
            "Tell Redis the new secret and write it",
            "Probe redis-answers",
            "Write the new secret for Replica keep, and restart it",
            "Write the new secret for Replica mirror, and reload it",
            "Write the new secret for Replica shadow",
            "Write the new secret for App",
            "Start Replica shadow",
            "See that Redis kept the new secret in its files",
            "Verify the estate",
        ]
    );
    assert!(plan.stdout.contains("# Note: Replica keep: keep copies all data anew"), "{}", plan.stdout);
    assert!(plan.stdout.contains("bin/write.sh < ") && !plan.stdout.contains(SECOND), "{}", plan.stdout);
    assert_eq!(site.pids(), before, "a plan starts and stops nothing");

    fs::write(site.path("redis/verdict-fails"), "").expect("written");
    let failed = site.change(&["--json"]);
    let told: Value = serde_json::from_str(&failed.stdout).expect("JSON");
    assert_eq!((failed.code, &told["result"]), (1, &json!("put back")), "{failed:#?}");
    site.holds(FIRST);
    fs::remove_file(site.path("redis/verdict-fails")).expect("removed");

    let before = site.pids();
    let done = site.change(&["--json"]);
    assert!(done.stderr.contains("nothing of App was found on this host"), "{}", done.stderr);
    assert!(!done.stderr.contains("nothing of Redis"), "{}", done.stderr);
    let told: Value = serde_json::from_str(&done.stdout).expect("JSON");
    assert_eq!((done.code, &told["result"]), (0, &json!("done")), "{done:#?}");
    assert_eq!(told["restarted"], json!(["shadow", "keep", "shadow"]), "{told:#}");
    site.holds(SECOND);
    let stayed: Vec<bool> = before.iter().zip(site.pids()).map(|(before, now)| *before == now).collect();
    assert_eq!(stayed, [true, false, false, true], "Redis and the replica that reloads go on running");

    let (code, report) = site.json(&["check"]);
    assert_eq!((code, &report["checked"], &report["expected"]), (0, &json!(6), &json!(6)), "{report:#}");
    let files = ["redis file", "redis running", "keep file", "mirror file", "shadow file", "app file"];
    assert_eq!(verdicts(&report), files.map(|place| format!("{place} aligned")));
    assert_eq!(site.json(&["verify"]).0, 0);
    is_found(&site);
}

/// What shows Redis on this host is told wherever people ask for it, and that nothing shows the client.
fn is_found(site: &Site) {
    let (_, shown) = site.json(&["profile", "show", "redis"]);
    let kinds = |found: &Value| -> Vec<String> {
        found.as_array().expect("a list").iter().map(|sign| sign["kind"].as_str().expect("a kind").to_owned()).collect()
    };
    assert_eq!(kinds(&shown["found"]), ["file", "command", "port", "process"], "{shown:#}");
    let (_, status) = site.json(&["status"]);
    let products = status["products"].as_array().expect("products");
    let told: Vec<_> =
        products.iter().map(|product| (product["id"].as_str(), kinds(&product["found"]).len())).collect();
    assert_eq!(told, [(Some("redis"), 4), (Some("app"), 0)]);
    let text = site.run(&["status"]).stdout;
    assert!(text.contains("process redis-server runs") && text.contains("found here of app: nothing"), "{text}");
}

#[test]
fn a_change_that_was_killed_once_redis_was_told_is_rolled_back_and_resumed() {
    let site = Site::running();
    for (verb, result, secret) in [("rollback", "put back", FIRST), ("resume", "done", SECOND)] {
        site.killed_half_way();
        assert!(site.ask("redis", &format!("AUTH {SECOND}\n")).contains("OK"), "it was told");
        let (code, done) = site.json(&[verb]);
        assert_eq!((code, &done["result"]), (0, &json!(result)), "{done:#}");
        site.holds(secret);
    }
}

#[test]
fn what_runs_is_the_measure_of_what_is_written() {
    let site = Site::running();
    let done = site.change(&[]);
    assert_eq!(done.code, 0, "{done:#?}");
    // Another secret online: no file holds it.
    site.ask("redis", &format!("AUTH {SECOND}\nCONFIG SET requirepass other-Secret-2026\n"));
    let (code, report) = site.json(&["check"]);
    assert_eq!(code, 4, "{report:#}");
    assert!(verdicts(&report).iter().all(|line| line.ends_with(" differs")), "{report:#}");
    // One client has followed: it alone holds what Redis uses.
    site.edit("app/conf/client.properties", SECOND, "other-Secret-2026");
    let (code, report) = site.json(&["check"]);
    assert_eq!(code, 4, "{report:#}");
    let aligned: Vec<String> = verdicts(&report).into_iter().filter(|line| line.ends_with(" aligned")).collect();
    assert_eq!(aligned, ["redis running aligned", "app file aligned"], "{report:#}");
    assert!(!report.to_string().contains("other-Secret"), "{report:#}");
}

#[test]
fn what_cannot_be_done_is_refused_before_anything() {
    let site = Site::running();
    let before = (site.pids(), site.text("redis/conf/redis.conf"));
    let refused = |site: &Site, said: &str| {
        let ended = site.change(&[]);
        assert_eq!(ended.code, 3, "{ended:#?}");
        assert!(ended.stderr.contains(said), "\"{said}\" is not in: {}", ended.stderr);
    };
    fs::write(site.path("current.secret"), "never-Was-One").expect("written");
    refused(&site, "Redis does not use the secret that was given as the one in use");
    fs::write(site.path("current.secret"), FIRST).expect("written");

    let write = site.path("redis/bin/write.sh");
    fs::rename(&write, site.path("redis/bin/gone.sh")).expect("moved");
    refused(&site, "bin/write.sh cannot be started");
    fs::rename(site.path("redis/bin/gone.sh"), &write).expect("moved back");

    let own = r#"start = ["{home}/bin/start.sh"]
stop = ["{home}/bin/stop.sh"]
status = ["{home}/bin/status.sh"]
"#;
    site.edit("estate/profiles/keep.toml", own, "unit = \"countersign-keep.service\"\n");
    if Path::new("/run/systemd/system").exists() {
        refused(&site, "countersign-keep.service");
    } else {
        refused(&site, "is the systemd unit countersign-keep.service, and systemd does not run this host");
    }
    assert_eq!((site.pids(), site.text("redis/conf/redis.conf")), before);
    site.holds(FIRST);
}
