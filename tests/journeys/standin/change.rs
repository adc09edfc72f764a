//! Changing the secret of a site by Countersign: unattended, and in the documented order.

use serde_json::json;

use super::site::{FIRST, SECOND, Site};

/// The words of an engine's log about its registrations, in their order.
pub fn registrations(log: &str) -> Vec<&'static str> {
    let word = |line: &str| match line {
        line if line.contains("self-registration failed: authorization refused") => Some("refused"),
        line if line.contains("(Registration) - registered; ") => Some("accepted"),
        _ => None,
    };
    log.lines().filter_map(word).collect()
}

#[test]
fn unattended_the_old_secret_is_refused_in_between_and_the_new_one_accepted() {
    let site = Site::running();
    let (code, done) = site.change(&[]);
    assert_eq!((code, &done["result"], &done["changed"]), (0, &json!("done"), &json!(true)), "{done:#}");
    for log in ["IE.log", "TE.log"] {
        assert_eq!(registrations(&site.log(log)), ["accepted", "refused", "accepted"], "{}", site.log(log));
    }
    site.holds(SECOND);
    let (code, verify) = site.json(&["verify"]);
    assert_eq!((code, &verify["ok"]), (0, &json!(true)), "{verify:#}");
    assert_eq!(site.files_with(FIRST), Vec::<std::path::PathBuf>::new());
    assert_eq!(site.files_with(SECOND), Vec::<std::path::PathBuf>::new());
    assert_eq!(site.silent_files(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn after_a_change_by_hand_the_doctor_reads_the_refusal_in_each_engines_log() {
    let site = Site::running();
    assert_eq!(site.change(&[]).0, 0);
    site.b2bi("stop");
    site.configure("b2bi", FIRST);
    site.b2bi("start");
    let (code, report) = site.json(&["doctor"]);
    assert_eq!((code, &report["ok"]), (4, &json!(false)), "{report:#}");
    for (at, engine, log) in [(0, "integrator", "B2Bi/logs/IE.log"), (1, "interchange", "B2Bi/logs/TE.log")] {
        let finding = &report["findings"][at];
        let told = ["component", "code", "where"].map(|key| finding[key].as_str().expect("text"));
        assert_eq!(told, [engine, "CS-D13-wrong-secret", log], "{report:#}");
        let detail = finding["detail"].as_str().expect("text");
        assert!(detail.contains("self-registration failed: authorization refused"), "{detail}");
        assert!(finding["remedy"].as_str().expect("text").contains("`countersign configure`"), "{report:#}");
    }
}

#[test]
fn the_same_answers_without_one_component_are_refused_before_anything() {
    let site = Site::running();
    let before = site.traces();
    for components in ["passport,integrator,interchange,b2bi", "passport,integrator,b2bi,b2bi-server"] {
        let (code, refused) = site.change(&["--set", &format!("components={components}")]);
        assert_eq!((code, &refused["changed"]), (3, &json!(false)), "{refused:#}");
        let text = refused["problems"].to_string();
        assert!(text.contains("fails unless all four are selected together"), "{text}");
    }
    assert_eq!(site.traces(), before, "something was touched");
}

#[test]
fn a_product_that_nothing_here_can_write_is_refused_in_its_own_words() {
    let site = Site::new();
    let profile = "format = 1\nbase = \"axway/api-gateway\"\n[values]\nroot = \"/opt/gateway\"\ngroup = \"g\"\n\
                   instance = \"i\"\nrepository = \"r\"\nstartinstance = \"/bin/true\"\nstop = \"/bin/true\"\n";
    std::fs::write(site.path("estate/profiles/api-gateway.toml"), profile).expect("written");
    let answers = std::fs::read_to_string(site.answers()).expect("read");
    std::fs::write(site.answers(), answers.replace("\"b2bi-server\"]", "\"b2bi-server\", \"api-gateway\"]"))
        .expect("written");
    let (code, refused) = site.change(&[]);
    assert_eq!((code, &refused["changed"]), (3, &json!(false)), "{refused:#}");
    let text = refused["problems"].to_string();
    assert!(text.contains("nothing here can write API Gateway's secret") && text.contains("Policy Studio"), "{text}");
}

#[test]
fn the_plan_names_the_hosts_that_are_still_to_do() {
    let site = Site::running();
    let path = site.path("estate/profiles/b2bi.toml");
    let text = std::fs::read_to_string(&path).expect("read");
    let plan = || site.run(&["configure", "--plan", "--answers", site.answers()]).stdout;
    assert!(!plan().contains("there too"));
    std::fs::write(&path, text.replace("[values]\n", "[values]\nother_nodes = 'north, south'\n")).expect("written");
    assert!(plan().contains("B2Bi Server on north, south: run `countersign configure` there too"), "{}", plan());
}

#[test]
fn both_products_are_installed_from_their_kits_and_both_engines_seen_accepted() {
    let site = Site::made(&["--kit"]);
    let ended = site.run(&["install", "--yes", "--answers", site.install_answers().as_str()]);
    assert_eq!(ended.code, 0, "{ended:#?}");
    site.holds(SECOND);
    for log in ["IE.log", "TE.log"] {
        assert_eq!(registrations(&site.log(log)), ["accepted"], "{}", site.log(log));
    }
    assert_eq!(site.json(&["verify"]).0, 0);
}

#[test]
fn an_installation_that_fails_half_way_leaves_nothing() {
    let site = Site::made(&["--kit"]);
    site.fault("kit/b2bi", "fail-half");
    let ended = site.run(&["install", "--yes", "--answers", site.install_answers().as_str()]);
    assert_eq!(ended.code, 1, "{ended:#?}");
    assert!(!site.path("passport").exists() && !site.path("b2bi").exists());
    assert!(!site.path("estate/estate.toml").exists());
}
