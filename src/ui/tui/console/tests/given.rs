//! A console without terminal, clock and authority: what that would tell is given here, the same each time.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Size;
use serde_json::{Value, json};

use crate::ui::tui::console::data::{Numbered, Overview, Part, Since};
use crate::ui::tui::console::draw;
use crate::ui::tui::console::message::{Effect, Message, Told};
use crate::ui::tui::console::state::State;
use crate::ui::tui::console::update::update;
use crate::ui::tui::console::views::Tab;
use crate::ui::tui::tests::shot::shot;
use crate::ui::tui::tests::wizard::named;
use crate::ui::tui::theme::{Look, Theme};

/// A console that was told everything.
pub struct Console {
    pub state: State,
    pub effects: Vec<Effect>,
}

impl Console {
    /// At the first view, with nothing told.
    pub fn bare(width: u16, height: u16) -> Self {
        let look = Look::new(Theme::Terminal, false);
        let state = State::new(look, "alpha".into(), Size::new(width, height), Instant::now());
        Self { state, effects: Vec::new() }
    }

    /// At the first view.
    pub fn new(width: u16, height: u16) -> Self {
        let mut console = Self::bare(width, height);
        for tab in Tab::ALL {
            console.tell(part(tab));
        }
        console
    }

    /// At a view.
    pub fn at(tab: Tab, width: u16, height: u16) -> Self {
        let mut console = Self::new(width, height);
        console.press(&(tab.place() + 1).to_string());
        console.tell(part(tab));
        console
    }

    pub fn send(&mut self, message: Message) {
        self.effects.extend(update(&mut self.state, message));
    }

    pub fn tell(&mut self, part: Part) {
        let at = moment("2026-11-22T12:00:00Z");
        self.send(Message::Told(Box::new(Told { at, overview: overview(), part })));
    }

    /// Presses keys, named as on the key sheet and parted by blanks.
    pub fn press(&mut self, keys: &str) {
        for key in keys.split(' ') {
            self.send(Message::Key(named(key)));
        }
    }

    pub fn types(&mut self, text: &str) {
        for letter in text.chars() {
            self.send(Message::Key(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE)));
        }
    }

    pub fn passes(&mut self, time: Duration) {
        self.state.now += time;
        self.send(Message::Tick);
    }

    pub fn buffer(&self) -> Buffer {
        self.terminal().backend().buffer().clone()
    }

    fn terminal(&self) -> Terminal<TestBackend> {
        let Size { width, height } = self.state.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a terminal");
        terminal.draw(|frame| draw::view(&self.state, frame)).expect("drawn");
        terminal
    }

    /// The screen as text, with its styles in every theme.
    pub fn shot(&mut self) -> String {
        let before = self.state.look;
        let cursor = {
            let terminal = self.terminal();
            let backend = terminal.backend();
            backend.cursor_visible().then(|| backend.cursor_position().into())
        };
        let shot = shot(before.marks.focus.is_ascii(), cursor, |look| {
            self.state.look = look;
            self.buffer()
        });
        self.state.look = before;
        shot
    }

    pub fn screen(&self) -> String {
        self.terminal().backend().to_string()
    }

    pub fn shows(&self, text: &str) -> bool {
        self.screen().contains(text)
    }
}

fn moment(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("what an authority tells")
}

pub fn overview() -> Overview {
    read(json!({
        "version": "0.1.0", "pid": 4711, "host": "passport.example.com", "listen": "0.0.0.0", "https_port": 6453,
        "client_auth_port": 6666, "domain": "Synchrony", "node": "1", "database": "SQLite",
        "since": "2026-11-19T08:30:00Z", "newest": 340, "waiting": 2, "due": 1, "proofs": [2, 4],
    }))
}

/// What a view is told.
pub fn part(tab: Tab) -> Part {
    match tab {
        Tab::Requests => Part::Requests(read(requests())),
        Tab::Components => Part::Components(read(components()), read(secrets())),
        Tab::Secrets => Part::Secrets(read(secrets()), vec!["interchange/2.3/B2Bi/default".into()]),
        Tab::Certificates => Part::Certificates(read(certificates())),
        Tab::Audit => Part::Audit((301..=340).map(row).collect(), Since::Nothing),
        Tab::Ports => Part::Ports,
        Tab::Properties => Part::Properties(read(properties())),
    }
}

fn requests() -> Value {
    let one = |id: &str, component: &str, status: &str, received: &str, reason: Option<&str>| {
        json!({
            "id": id, "component": component, "instance": "default", "subject": format!("CN={component}, O=B2Bi"),
            "status": status, "received": received, "reason": reason,
        })
    };
    json!([
        one("r-4ghk2m9t", "integrator", "Waiting Validation", "2026-11-22T11:59:40Z", None),
        one("r-7pq3wxyz", "interchange", "Waiting Signing", "2026-11-22T11:12:00Z", None),
        one("r-b2c3d4e5", "api-gateway", "Validation Refused", "2026-11-20T09:00:00Z", Some("unknown host")),
        one("r-qf9k2m3n", "integrator", "Registered", "2026-08-01T00:00:00Z", None),
    ])
}

fn components() -> Value {
    let one = |name: &str, instance: &str, proved: Value| {
        let identity = json!({ "name": name, "version": "2.3", "group": "B2Bi", "instance": instance });
        json!({ "identity": identity, "listens": name == "integrator", "proved": proved })
    };
    json!([
        one("api-gateway", "default", Value::Null),
        one("integrator", "default", json!({ "secret_id": "s-4ghk2m9t", "time": "2026-11-22T11:30:00Z" })),
        one("integrator", "second", json!({ "secret_id": "s-4ghk2m9t", "time": "2026-11-22T11:59:30Z" })),
        one("interchange", "default", json!({ "secret_id": "s-7pq3wxyz", "time": "2026-11-20T10:00:00Z" })),
    ])
}

fn secrets() -> Value {
    json!([
        {
            "id": "s-4ghk2m9t", "state": "current", "made": "2026-11-22T09:00:00Z", "proved": 2, "components": 4,
            "change": "20261122-090000-rotate",
        },
        {
            "id": "s-7pq3wxyz", "state": "retiring", "made": "2026-05-22T09:00:00Z", "proved": 1, "components": 4,
            "until": "2026-11-23T09:00:00Z", "change": "20261122-090000-rotate",
        },
        {
            "id": "s-b2c3d4e5", "state": "retired", "made": "2025-11-22T09:00:00Z", "proved": 0, "components": 4,
            "until": "2026-05-23T09:00:00Z",
        },
    ])
}

fn certificates() -> Value {
    let own = |name: &str, subject: &str, until: &str| {
        json!({
            "serial": format!("5f{}", name.len()), "name": name, "component": null, "instance": null,
            "subject": subject, "not_before": "2026-11-01T00:00:00Z", "not_after": until, "state": "valid",
            "reason": null, "replaces": null,
        })
    };
    let issued = |serial: &str, component: &str, from: &str, until: &str, state: &str, reason: Option<&str>| {
        json!({
            "serial": serial, "name": null, "component": component, "instance": "default",
            "subject": format!("CN={component}/default"), "not_before": from, "not_after": until, "state": state,
            "reason": reason, "replaces": null,
        })
    };
    let (begun, over) = ("2026-08-01T00:00:00Z", "2027-08-01T00:00:00Z");
    json!([
        own("Default_HTTPS", "CN=passport.example.com", "2031-11-01T00:00:00Z"),
        own("Default_HTTPS_Client_Auth", "CN=passport.example.com", "2031-11-01T00:00:00Z"),
        own("ca", "CN=PassPort CA", "2036-11-01T00:00:00Z"),
        issued("3a91c02b77d1e0aa", "integrator", begun, over, "valid", None),
        issued("77d1e0aa3a91c02b", "interchange", "2025-12-01T00:00:00Z", "2026-12-01T00:00:00Z", "valid", None),
        issued("0badcafe00000001", "api-gateway", begun, over, "revoked", Some("the disk was sold")),
        issued("0badcafe00000002", "integrator", begun, over, "superseded", Some("superseded")),
        issued("0badcafe00000003", "integrator", begun, "2026-11-01T00:00:00Z", "expired", None),
    ])
}

/// One of many rows of the audit.
pub fn row(id: i64) -> Numbered {
    let time = moment("2026-11-22T11:20:00Z") + jiff::SignedDuration::from_mins(id - 340);
    let (act, result, reason) = match id % 5 {
        0 => ("prove", "ok", None),
        1 => ("enrol", "Waiting Validation", None),
        2 => ("prove", "refused", Some("the secret is not accepted")),
        3 => ("issue", "ok", None),
        _ => ("property set", "ok", Some("am.registration.signing = manual")),
    };
    let is_policy = act == "issue";
    read(json!({
        "id": id,
        "row": {
            "node": "1", "number": id, "time": time.to_string(),
            "who": if is_policy { "policy" } else { "client" },
            "source": (!is_policy).then_some("192.0.2.7:40212"),
            "act": act, "component": "integrator/2.3/B2Bi/default", "secret_id": (act == "prove").then_some("s-4ghk2m9t"),
            "change": null, "request": null, "serial": is_policy.then_some("3a91c02b77d1e0aa"), "result": result,
            "reason": reason,
        },
    }))
}

fn properties() -> Value {
    let one = |name: &str, value: &str, default: &str, rule: &str| json!({ "name": format!("am.registration.{name}"), "value": value, "default": default, "rule": rule });
    json!([
        one("cert.signature.wait.time", "2", "2", "whole seconds from 0 to 60"),
        one("certificate.validity", "365d", "365d", "a length of time from 1m to ten years, as 365d or 12h"),
        one("est.basic", "off", "off", "off or on"),
        one("signing", "manual", "auto", "auto or manual"),
        one("unknown.components", "refuse", "refuse", "refuse or accept"),
        one("validation", "auto", "auto", "auto or manual"),
    ])
}
