//! Users: added by verbs, who come in over a component's certificate, and what that component may ask about them.

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use countersign::registration::material::Material;
use countersign::registration::wire::{
    AUTHORISE_PATH, AuthoriseAnswer, AuthoriseRequest, LOGIN_PATH, LoginAnswer, LoginRequest, PASSWORD_PATH,
    PasswordRequest,
};
use hyper::StatusCode;
use hyper::body::Bytes;
use serde_json::{Value, json};

use crate::client::Client;
use crate::fixture::{Authority, integrator, interchange};

const FIRST: &str = "chosen by somebody else";
const OWN: &str = "chosen by herself";

/// An engine that lets users in.
struct Engine {
    name: &'static str,
    client: Client,
}

impl Engine {
    async fn connect(authority: &Authority, name: &'static str, material: &Material) -> Self {
        let client = Client::connect(authority.client_auth_port, Some(material)).await.expect("connected");
        Self { name, client }
    }

    async fn login(&mut self, user: &str, password: &str) -> (StatusCode, Bytes) {
        let login = LoginRequest { user: user.into(), password: password.into(), domain: "Synchrony".into() };
        self.client.post(LOGIN_PATH, &login).await
    }

    async fn password(&mut self, old: &str, new: &str) -> (StatusCode, Bytes) {
        let [password, new_password] = [old, new].map(str::to_owned);
        let change = PasswordRequest { user: "ada".into(), domain: "Synchrony".into(), password, new_password };
        self.client.post(PASSWORD_PATH, &change).await
    }

    async fn asks(&mut self, component: &str, user: &str, resource: &str, action: &str) -> (StatusCode, Bytes) {
        let [component, user, resource, action] = [component, user, resource, action].map(str::to_owned);
        let question = AuthoriseRequest { user, domain: "Synchrony".into(), component, resource, action };
        self.client.post(AUTHORISE_PATH, &question).await
    }

    /// Whether it is told that this user may do this in it.
    async fn allows(&mut self, user: &str, resource: &str, action: &str) -> bool {
        let (status, body) = self.asks(self.name, user, resource, action).await;
        assert_eq!(status, StatusCode::OK);
        serde_json::from_slice::<AuthoriseAnswer>(&body).expect("an answer").allowed
    }
}

impl Authority {
    async fn engines(&self) -> [Engine; 2] {
        let [one, two] = [self.enrolled(&integrator()).await, self.enrolled(&interchange()).await];
        [Engine::connect(self, "integrator", &one).await, Engine::connect(self, "interchange", &two).await]
    }

    /// Adds a user with [`FIRST`] as password.
    async fn add_user(&self, name: &str, more: &[&str]) -> Value {
        let file = self.home.path().with_file_name(format!("{name}.pass"));
        countersign::fs::create(&file, FIRST.as_bytes(), 0o600).expect("written");
        let from = format!("file:{}", file.display());
        let said = self.verb(&[&["user", "add", name, "--password-from", &from], more].concat(), 0).await;
        serde_json::from_str(&said).expect("JSON")
    }
}

#[tokio::test]
async fn a_new_user_changes_the_password_first_and_may_then_what_the_roles_say() {
    let authority = Authority::ready().await;
    let [mut integrator, mut interchange] = authority.engines().await;
    let added = authority.add_user("ada", &["--role", "integrator:Monitoring"]).await;
    let expected =
        json!({ "name": "ada", "domain": "Synchrony", "roles": ["integrator:Monitoring"], "must_change": true });
    assert_eq!(added, expected);
    assert_eq!(integrator.login("ada", "a wrong one").await, (StatusCode::UNAUTHORIZED, Bytes::new()));
    let must_change = (StatusCode::FORBIDDEN, Bytes::from("the password must be changed first\n"));
    assert_eq!(integrator.login("ada", FIRST).await, must_change);
    assert!(!integrator.allows("ada", "maps", "view").await, "not before the password is her own");

    assert_eq!(integrator.password("a wrong one", OWN).await.0, StatusCode::UNAUTHORIZED);
    for (bad, rule) in [("short", "8 characters"), (FIRST, "the one before")] {
        let (status, line) = integrator.password(FIRST, bad).await;
        assert!(status == StatusCode::FORBIDDEN && String::from_utf8_lossy(&line).contains(rule), "{line:?}");
    }
    assert_eq!(integrator.password(FIRST, OWN).await, (StatusCode::NO_CONTENT, Bytes::new()));
    assert_eq!(interchange.login("ada", FIRST).await.0, StatusCode::UNAUTHORIZED);
    let (status, body) = interchange.login("ada", OWN).await;
    let answer: LoginAnswer = serde_json::from_slice(&body).expect("an answer");
    assert_eq!((status, answer.roles), (StatusCode::OK, vec!["integrator:Monitoring".to_owned()]));

    assert!(integrator.allows("ada", "maps", "view").await);
    assert!(!integrator.allows("ada", "maps", "deploy").await);
    assert!(!integrator.allows("nobody", "maps", "view").await);
    assert!(!interchange.allows("ada", "partners", "view").await, "the role is another component's");
    let foreign = interchange.asks("integrator", "ada", "maps", "view").await;
    assert_eq!(foreign, (StatusCode::FORBIDDEN, Bytes::from("a component asks for itself alone\n")));

    authority.verb(&["user", "role", "grant", "ada", "integrator:Administration"], 0).await;
    assert!(integrator.allows("ada", "maps", "deploy").await);
    authority.verb(&["user", "role", "revoke", "ada", "integrator:Administration"], 0).await;
    assert!(!integrator.allows("ada", "maps", "deploy").await, "from the next question on");
    authority.verb(&["user", "remove", "ada"], 0).await;
    assert!(!integrator.allows("ada", "maps", "view").await);
    assert_eq!(integrator.login("ada", OWN).await.0, StatusCode::UNAUTHORIZED);
    let audit = authority.audit().await.join("\n");
    let asked = |result, of, who, action, on| {
        format!(
            "authorise: {result} component={of}/2.3/B2Bi/default reason=user \"{who}\" of \"Synchrony\": \"{action}\" on {on}"
        )
    };
    let allowed = asked("ok", "integrator", "ada", "view", "\"maps\" of \"integrator\"");
    let refused = asked("refused", "integrator", "ada", "deploy", "\"maps\" of \"integrator\"");
    let foreign = asked("refused", "interchange", "ada", "view", "\"maps\" of \"integrator\"");
    for act in ["user added", "password changed", "role granted", "role revoked", "user removed"] {
        assert!(audit.contains(act), "{act}\n{audit}");
    }
    for (line, times) in [(allowed, 1), (refused, 2), (foreign, 1)] {
        assert_eq!(audit.matches(&line).count(), times, "{line}\n{audit}");
    }
    assert!(!audit.contains(FIRST) && !audit.contains(OWN));
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_what_can() {
    let authority = Authority::ready().await;
    authority.add_user("ada", &["--domain", "System:Administration"]).await;
    let weak = authority.home.path().with_file_name("weak.pass");
    countersign::fs::create(&weak, b"short", 0o600).expect("written");
    let weak = format!("file:{}", weak.display());
    let out = authority.home.path().with_file_name("eve.pass");
    let out = out.to_str().expect("text");
    let add = |more: &[&'static str]| [&["user", "add", "eve", "--password-out", out], more].concat();
    for (arguments, code, expected) in [
        (add(&["--role", "integrator:Boss"]), 3, "integrator has Administration, Monitoring"),
        (add(&["--role", "nobody:Boss"]), 3, "no CSD of a component \\\"nobody\\\" was imported"),
        (add(&["--role", "Boss"]), 3, "a role is COMPONENT:ROLE, or System:Administration"),
        (add(&["--domain", "Elsewhere"]), 3, "there are Synchrony and System:Administration"),
        (vec!["user", "add", "eve"], 2, "needs --password-out FILE"),
        (vec!["user", "add", " eve", "--password-out", out], 3, "blanks at its ends"),
        (vec!["user", "add", "eve", "--password-from", &weak], 3, "8 characters or more"),
        (vec!["user", "add", "system", "--password-out", out], 3, "already"),
        (vec!["user", "remove", "system"], 3, "PassPort's own"),
        (vec!["user", "role", "revoke", "system", "System:Administration"], 3, "keeps the role"),
        (vec!["user", "remove", "ada"], 3, "there is no user \\\"ada\\\" of \\\"Synchrony\\\""),
        (vec!["user", "password", "eve", "--password-out", out], 3, "there is no user"),
    ] {
        let said = authority.verb(&arguments, code).await;
        assert!(said.contains(expected), "{arguments:?}: {said}");
        assert!(!std::path::Path::new(out).exists(), "no password is left behind that nobody has: {arguments:?}");
    }
    let listed: Value = serde_json::from_str(&authority.verb(&["user", "list"], 0).await).expect("JSON");
    let names: Vec<_> =
        listed.as_array().expect("a list").iter().map(|user| (&user["domain"], &user["name"])).collect();
    assert_eq!(names, [(&json!("Synchrony"), &json!("system")), (&json!("System:Administration"), &json!("ada"))]);
}

#[tokio::test]
async fn a_generated_password_is_in_its_file_alone_and_system_s_in_its_own() {
    let authority = Authority::ready().await;
    let out = authority.home.path().with_file_name("ada.pass");
    let said = authority.verb(&["user", "add", "ada", "--password-out", out.to_str().expect("text")], 0).await;
    let password = std::fs::read_to_string(&out).expect("written");
    assert!(password.trim().len() >= 20 && !said.contains(password.trim()));
    assert_eq!(std::fs::metadata(&out).expect("there").permissions().mode() & 0o777, 0o600);
    let from = format!("file:{}", out.display());
    let told = authority.verb(&["user", "login", "ada", "--password-from", &from], 4).await;
    assert!(told.contains("\"must_change\": true"), "{told}");

    let kept = format!("file:{}", authority.home.system_password().display());
    let before = std::fs::read(authority.home.system_password()).expect("read");
    authority.verb(&["user", "password", "system"], 0).await;
    assert_ne!(std::fs::read(authority.home.system_password()).expect("read"), before);
    authority.verb(&["user", "login", "system", "--password-from", &kept], 0).await;
}

#[tokio::test]
async fn failures_slow_down_their_user_whoever_asks_and_their_source_and_nobody_else() {
    let authority = Authority::ready().await;
    let [mut integrator, mut interchange] = authority.engines().await;
    for _ in 0..3 {
        assert_eq!(integrator.login("system", "wrong").await.0, StatusCode::UNAUTHORIZED);
    }
    let begun = Instant::now();
    assert_eq!(interchange.login("nobody", "wrong").await.0, StatusCode::UNAUTHORIZED);
    assert!(begun.elapsed() < Duration::from_millis(900), "another user from another source");
    let begun = Instant::now();
    assert_eq!(interchange.login("system", "system password").await.0, StatusCode::OK);
    assert!(begun.elapsed() > Duration::from_millis(400), "the fourth guess at system waits, wherever it comes from");
}

#[tokio::test]
async fn an_unknown_user_takes_as_long_as_a_wrong_password() {
    let authority = Authority::ready().await;
    let socket = authority.home.admin_socket();
    let measured = tokio::task::spawn_blocking(move || {
        let password = crate::fixture::secret("a wrong one");
        let one = |user: &str| {
            let begun = Instant::now();
            let login = countersign::registration::admin::login(&socket, user, None, &password).expect("asked");
            assert!(!login.accepted && !login.must_change);
            begun.elapsed()
        };
        // The best of several says least about whatever else the machine does.
        let (mut known, mut unknown) = (Duration::MAX, Duration::MAX);
        for _ in 0..60 {
            (known, unknown) = (known.min(one("system")), unknown.min(one("nobody")));
            if known.max(unknown) < known.min(unknown).mul_f32(1.5) {
                return Ok(());
            }
        }
        Err((known, unknown))
    });
    assert_eq!(measured.await.expect("measured"), Ok(()));
}
