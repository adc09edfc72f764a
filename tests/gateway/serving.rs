//! A running gateway: logins, the documented texts, reload, and an outage of PassPort behind nginx.

use std::path::Path;
use std::time::Duration;

use countersign::daemon::control;
use serde_json::{Value, json};

use crate::fixture::{Bench, NAME, SECRET, free_ports};
use crate::web::{Front, curl, until};

/// A gateway that runs; it ends when dropped.
struct Serving {
    bench: Bench,
    port: u16,
}

impl Serving {
    /// Started; the verb must end with this code.
    fn start(bench: Bench, code: i32) -> Self {
        let [port, _] = free_ports();
        let shipped = include_str!("../../installer-assets/api-gateway/gateway.toml");
        std::fs::write(bench.gateway.settings(), shipped.replace(":6180", &format!(":{port}"))).expect("written");
        let started = bench.run(&["start"]);
        let said = String::from_utf8_lossy(&started.stderr);
        assert_eq!(started.status.code(), Some(code), "{said}");
        Self { bench, port }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn ask(&self, request: &Value) -> Result<Value, String> {
        let asked = control::ask(&self.bench.gateway.socket(), request, Duration::from_secs(50));
        asked.map_err(|error| error.to_string())
    }

    /// `system:` and the password that init made.
    fn system(&self) -> String {
        let password = std::fs::read_to_string(self.bench.passport.home.join("conf/system.pass")).expect("read");
        format!("system:{}", password.trim_end())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.bench.run(&["stop"]);
    }
}

#[test]
fn nginx_lets_in_whom_passport_knows_and_says_503_while_it_is_away() {
    lets_in_whom_passport_knows(Front::nginx, "Logins are not possible now");
}

#[test]
fn caddy_lets_in_whom_passport_knows_and_says_503_while_it_is_away() {
    lets_in_whom_passport_knows(Front::caddy, "does not answer");
}

/// Behind a web server; while PassPort is away it must say these words.
fn lets_in_whom_passport_knows(front: fn(&Path, u16) -> Front, away: &str) {
    let serving = Serving::start(Bench::with_repository(), 0);
    let folder = tempfile::tempdir().expect("a folder");
    let front = front(folder.path(), serving.port);
    let system = serving.system();
    let forged = [
        ["-H", "X-Countersign-User: eve"],
        ["-H", "X-Countersign-Domain: Eden"],
        ["-H", "X-Countersign-Roles: System:Administration,api-gateway:Eve"],
        ["-H", "X-Required-Role: nobody's"],
        ["-H", "X-Forwarded-For: 192.0.2.1"],
    ];
    let forged = forged.concat();

    let nobody = curl(&front.url, &forged);
    assert_eq!(nobody.status, 401, "{nobody:?}");
    let challenge = "www-authenticate: basic realm=\"passport - local\", charset=\"utf-8\"";
    assert!(nobody.text.to_lowercase().contains(challenge), "{nobody:?}");
    assert_eq!(curl(&front.url, &["-u", "system:wrong"]).status, 401);
    let arguments: Vec<&str> = ["-u", &system].into_iter().chain(forged).collect();
    for way in [&[][..], &["-d", "a body"]] {
        let known = curl(&front.url, &[&arguments, way].concat());
        assert_eq!(known.status, 200, "{known:?}");
        for told in ["x-countersign-user: system", "x-countersign-domain: synchrony", "x-countersign-roles: system:"] {
            assert!(known.text.contains(told), "{told}: {known:?}");
        }
        let kept = ["eve", "eden", "authorization:"].into_iter().find(|word| known.text.contains(word));
        assert_eq!(kept, None, "{known:?}");
    }

    serving.bench.passport.json(&["stop"], 0);
    let answer = until(503, &front.url, &["-u", &system]);
    assert!(answer.seconds < 1.0 && answer.text.contains(away), "{answer:?}");
    let said = curl(&serving.url("/auth"), &["-u", &system]);
    assert!(said.status == 503 && said.text.contains("does not answer"), "{said:?}");

    serving.bench.passport.json(&["start"], 0);
    until(200, &front.url, &["-u", &system]);
    let log = std::fs::read_to_string(serving.bench.gateway.log()).expect("read");
    let password = system.strip_prefix("system:").expect("a password");
    assert!(log.contains("user \"system\"") && !log.contains(password) && !log.contains(SECRET), "{log}");
    assert!(log.contains("from 127.0.0.1") && !log.contains("192.0.2.1"), "{log}");
}

/// What Traefik sends for a request, by its documentation: GET without a body, the client's own headers, and what the
/// client asked for in headers of its own, which replace the client's.
#[test]
fn traefik_gets_its_answers_and_its_example_knows_every_header_of_them() {
    let serving = Serving::start(Bench::with_repository(), 0);
    let example = include_str!("../../installer-assets/api-gateway/traefik.yaml");
    assert!(example.contains("http://127.0.0.1:6180/auth\""), "the address that the gateway has by default");
    let system = serving.system();
    let ask = |more: &[&str]| {
        let sent = [
            "X-Forwarded-Method: POST",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: site.example",
            "X-Forwarded-Uri: /auth/nobody?role=nobody's",
            "X-Forwarded-For: 203.0.113.7",
            "Content-Type: application/json",
            "Accept-Encoding: gzip",
        ];
        let sent: Vec<&str> = sent.iter().flat_map(|header| ["-H", header]).chain(more.iter().copied()).collect();
        curl(&serving.url("/auth"), &sent)
    };
    let nobody = ask(&[]);
    assert!(nobody.status == 401 && nobody.text.contains("Basic realm=\"PassPort - local\""), "{nobody:?}");
    let known = ask(&["-u", &system]);
    assert_eq!(known.status, 200, "{known:?}");
    let heads = known.text.lines().filter_map(|line| Some(line.split_once(": ")?.0.to_lowercase()));
    let told: Vec<String> = heads.filter(|name| name.starts_with("x-countersign-")).collect();
    assert_eq!(told.len(), 3, "{known:?}");
    let lines: Vec<String> = example.lines().map(|line| line.trim().to_lowercase()).collect();
    for name in told {
        // Taken away from the client's request, and taken over from the answer.
        assert!(lines.contains(&format!("{name}: \"\"")) && lines.contains(&format!("- {name}")), "{name}");
    }
    assert_eq!(ask(&["-u", "system:wrong"]).status, 401);
    let log = std::fs::read_to_string(serving.bench.gateway.log()).expect("read");
    assert!(log.contains("user \"system\" from 203.0.113.7: refused"), "{log}");
    // What is no success goes to the client as it is, with its text.
    serving.bench.passport.json(&["stop"], 0);
    let away = until(503, &serving.url("/auth"), &["-u", &system]);
    assert!(away.text.to_lowercase().contains("retry-after: 5") && away.text.contains("does not answer"), "{away:?}");
}

#[test]
fn roles_repositories_and_sources_are_told_apart() {
    let bench = Bench::with_repository();
    bench.add("elsewhere", &["--elsewhere"]);
    let serving = Serving::start(bench, 0);
    let system = serving.system();
    let ask = |path: &str, arguments: &[&str]| curl(&serving.url(path), arguments).status;
    let user = ["-u", system.as_str()];
    assert_eq!(ask("/auth/PassPort%20-%20local", &user), 200);
    assert_eq!(ask("/auth/nobody", &user), 404);
    assert_eq!(ask("/auth?role=System:Administration", &user), 200);
    assert_eq!(ask("/auth?role=api-gateway%3ADeployer", &user), 403);
    assert_eq!(ask("/auth", &["-u", &system, "-H", "X-Required-Role: api-gateway:User"]), 403);
    assert_eq!(ask("/auth", &["-X", "POST", "-u", &system, "-d", "a body"]), 200);
    assert_eq!(ask("/auth", &["-u", " system:x"]), 401);
    assert_eq!(ask("/auth", &["-H", &format!("X-Filler: {}", "x".repeat(20_000))]), 431);
    // The eleventh failure of one source makes it wait, and no other.
    let from = |source: &str, number: usize| {
        let (user, header) = (format!("system:wrong {number}"), format!("X-Forwarded-For: {source}"));
        ask("/auth", &["-u", &user, "-H", &header])
    };
    assert!((0..11).all(|number| from("192.0.2.1", number) == 401));
    assert_eq!(from("192.0.2.1", 11), 429);
    assert_eq!(ask("/auth", &user), 200);

    let status: Value = {
        let text = curl(&serving.url("/status"), &[]).text;
        serde_json::from_str(text.rsplit_once("\r\n\r\n").expect("a body").1).expect("JSON")
    };
    assert_eq!(status["repositories"][0]["serves"], true);
    assert_eq!(status["repositories"][1]["repository"], "elsewhere");
    assert!(!status.to_string().contains(SECRET));

    let login = |user: &str, password: &str, code: i32| {
        let from = serving.bench.passport.given(&format!("password of {user} for {code}"), password);
        serving.bench.json(&["login", user, "--repository", NAME, "--password-from", &from], code)
    };
    assert_eq!(
        login("system", system.strip_prefix("system:").expect("a password"), 0)["roles"][0],
        "System:Administration"
    );
    assert_eq!(login("system", "wrong", 4)["result"], "refused");
    let first = serving.bench.passport.given("first password", "a first password 1");
    let add = ["user", "add", "ada", "--password-from", first.as_str()];
    serving.bench.passport.json(&add, 0);
    assert_eq!(login("ada", "a first password 1", 4)["result"], "must change the password");
}

#[test]
fn a_waiting_repository_says_the_documented_text_and_serves_once_it_is_signed() {
    let bench = Bench::with_repository();
    bench.passport.json(&["property", "set", "am.registration.signing", "manual"], 0);
    let serving = Serving::start(bench, 6);
    let system = serving.system();
    let waiting = curl(&serving.url("/auth"), &["-u", &system]);
    let text = "Certificate Signing Request has not yet been signed, please try again later. [Status:Waiting Signing]";
    assert!(waiting.status == 503 && waiting.text.contains(text), "{waiting:?}");
    let requests = serving.bench.requests();
    // The same request after a restart.
    serving.bench.json(&["stop"], 0);
    assert!(serving.bench.said(&["start"], 6).contains(text));
    assert_eq!(serving.bench.requests(), requests);
    serving.bench.passport.json(&["approve", requests[0]["id"].as_str().expect("text")], 0);
    until(200, &serving.url("/auth"), &["-u", &system]);
    assert_eq!(serving.bench.files().len(), 3, "{:?}", serving.bench.files());
}

#[test]
fn a_secret_that_is_not_accepted_ends_the_start_and_a_reload_keeps_what_was_before() {
    let bench = Bench::with_repository();
    let place = bench.gateway.repositories();
    let right = std::fs::read_to_string(&place).expect("read");
    let wrong = right.replace(SECRET, "another secret than PassPort's");
    std::fs::write(&place, &wrong).expect("written");
    let serving = Serving::start(bench, 7);
    std::fs::write(&place, &right).expect("written");
    serving.bench.json(&["start"], 0);
    let id = serving.ask(&json!({ "do": "prove" })).expect("proved")["secret_id"].clone();
    assert!(id.is_string());
    assert_eq!(serving.bench.json(&["reload"], 0)["secret_id"], id);
    std::fs::write(&place, &wrong).expect("written");
    let said = serving.bench.said(&["reload"], 7);
    assert!(said.contains(NAME) && said.contains("goes on") && !said.contains("another secret than"), "{said}");
    assert_eq!(serving.ask(&json!({ "do": "prove" })).expect("proved")["secret_id"], id);
    assert_eq!(curl(&serving.url("/auth"), &["-u", &serving.system()]).status, 200);
}
