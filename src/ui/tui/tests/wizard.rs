//! A wizard without terminal, clock and workers: what they would do is done here, the same each time.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Size;
use zeroize::Zeroizing;

use super::shot::shot;
use crate::alignment;
use crate::apply::{Context, Event, Finished, Outcome};
use crate::plan::{Plan, Settings, Step, install, start};
use crate::registration::state::State as Registration;
use crate::secret::Secret;
use crate::ui::session::matrix;
use crate::ui::session::standing::Standing;
use crate::ui::session::{Prepared, Situation, Typed};
use crate::ui::tui::message::{Effect, Message};
use crate::ui::tui::state::{Places, State};
use crate::ui::tui::text;
use crate::ui::tui::theme::{Look, Theme};
use crate::ui::tui::update::update;
use crate::ui::tui::view::view;
use crate::verify::{ProbeResult, Verdict};
use crate::wizard::Answers;

/// Where the estate of the tests would be.
pub const DIR: &str = "/srv/estate";

pub struct Wizard {
    pub state: State,
    pub effects: Vec<Effect>,
    /// What stands in every folder.
    pub stands: Standing,
}

impl Wizard {
    pub fn new(width: u16, height: u16) -> Self {
        Self::looking(width, height, Look::new(Theme::Terminal, false))
    }

    pub fn looking(width: u16, height: u16, look: Look) -> Self {
        let size = Size::new(width, height);
        let state = State::new(Answers::default(), Typed::default(), look, "alpha".into(), size, Instant::now());
        let mut wizard = Self::of(state);
        wizard.send(Message::Tick);
        wizard
    }

    /// In this state, over an empty folder.
    pub fn of(state: State) -> Self {
        let stands = Standing { usable: true, text: text::standing::NOTHING.into(), recorded: None, interrupted: None };
        Self { state, effects: Vec::new(), stands }
    }

    /// Walked by keys to the page with this id.
    pub fn at(page: &str, width: u16, height: u16) -> Self {
        let mut wizard = Self::new(width, height);
        wizard.walk_to(page);
        wizard
    }

    pub fn walk_to(&mut self, page: &str) {
        for _ in 0..20 {
            if self.state.on(page) {
                return;
            }
            self.press("Enter");
        }
        panic!("no way to {page}, still on {}", self.state.page().id);
    }

    pub fn send(&mut self, message: Message) {
        let effects = update(&mut self.state, message);
        for effect in effects {
            self.effects.push(effect);
            match effect {
                Effect::Prepare(ticket) => {
                    let prepared = prepared(&self.state.answers);
                    self.send(Message::Prepared(ticket, Box::new(Ok(prepared))));
                }
                Effect::Detect(ticket) => {
                    self.send(Message::Stands(ticket, self.stands.clone()));
                }
                Effect::Look(ticket) => {
                    let found = matrix::expected(&PathBuf::from(DIR), &self.state.answers);
                    self.send(Message::Looked(ticket, Ok(found)));
                }
                Effect::Run
                | Effect::Settle(_)
                | Effect::Diagnose(_)
                | Effect::Save(_)
                | Effect::Ask(_)
                | Effect::Suspend
                | Effect::Repaint
                | Effect::ExecuteAnew
                | Effect::LookAtRegistration(_) => {}
            }
        }
    }

    /// Presses keys, named as on the key sheet and parted by blanks.
    pub fn press(&mut self, keys: &str) {
        for key in keys.split(' ') {
            self.send(Message::Key(named(key)));
        }
    }

    /// Types a text letter by letter.
    pub fn types(&mut self, text: &str) {
        for letter in text.chars() {
            self.send(Message::Key(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE)));
        }
    }

    pub fn pastes(&mut self, text: &str) {
        self.send(Message::Paste(Zeroizing::new(text.to_owned())));
    }

    pub fn passes(&mut self, time: Duration) {
        self.state.now += time;
        self.send(Message::Tick);
    }

    /// Consents, on Review.
    pub fn consents(&mut self) {
        self.walk_to("review");
        self.press("Enter y");
        assert_eq!(self.effects.last(), Some(&Effect::Run));
    }

    /// Lets the run go on to before the first step that is so.
    pub fn runs_until(&mut self, wanted: fn(&Step) -> bool) -> usize {
        let steps = self.plan().steps;
        let until = steps.iter().position(wanted).unwrap_or(steps.len());
        for (step, done) in steps.iter().enumerate().take(until) {
            self.runs(step, done);
        }
        until
    }

    pub fn runs(&mut self, step: usize, done: &Step) {
        self.send(Message::Progress(Event::Started(step)));
        if matches!(done, Step::Verify) {
            self.probes(&PROBES);
        }
        self.send(Message::Progress(Event::Done(step, Duration::from_millis(120))));
        if matches!(done, Step::Register { .. }) {
            self.send(Message::Registration(step, Registration::Registered));
        }
    }

    /// Finds these verdicts at the places, in their order.
    pub fn finds(&mut self, verdicts: &[alignment::Verdict]) {
        let mut found = matrix::expected(&PathBuf::from(DIR), &self.state.answers);
        found.fresh = false;
        for (row, verdict) in found.rows.iter_mut().zip(verdicts) {
            row.now = Some(*verdict);
            row.detail = match verdict {
                alignment::Verdict::Differs => "the authority does not accept this secret".into(),
                alignment::Verdict::CannotTell => "no answer on its socket within 5 s".into(),
                _ => String::new(),
            };
        }
        let ticket = self.state.ticket;
        self.state.places = Places::Looking(self.state.now);
        self.send(Message::Looked(ticket, Ok(found)));
    }

    /// Asks these probes in a step of its own.
    pub fn verifies(&mut self, step: usize, probes: &[Probe]) {
        self.send(Message::Progress(Event::Started(step)));
        self.probes(probes);
        self.send(Message::Progress(Event::Done(step, Duration::from_millis(188))));
    }

    fn probes(&mut self, probes: &[Probe]) {
        for &(id, verdict, ms, detail) in probes {
            let probe = ProbeResult { id: id.into(), verdict, ms, detail: detail.into() };
            self.send(Message::Progress(Event::Probe(probe)));
        }
    }

    pub fn ends(&mut self, result: Finished) {
        let outcome = Outcome { changed: true, result, journal: Some("j".into()), ..Outcome::nothing() };
        self.send(Message::RunEnded(Ok(outcome)));
    }

    /// As many pages on as the run wants to go by itself.
    pub fn follows(&mut self) {
        for _ in 0..4 {
            self.passes(Duration::from_secs(1));
        }
    }

    pub fn plan(&self) -> Plan {
        self.state.run.as_ref().expect("a run").plan.clone()
    }

    pub fn buffer(&self) -> Buffer {
        self.terminal().backend().buffer().clone()
    }

    pub fn terminal(&self) -> Terminal<TestBackend> {
        let Size { width, height } = self.state.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a terminal");
        terminal.draw(|frame| view(&self.state, frame)).expect("drawn");
        terminal
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        self.terminal().backend().to_string()
    }

    /// The screen as text, with its styles in every theme.
    pub fn shot(&mut self) -> String {
        let before = self.state.look;
        let shot = shot(before.marks.focus.is_ascii(), self.cursor(), |look| {
            self.state.look = look;
            self.buffer()
        });
        self.state.look = before;
        shot
    }

    /// Where the cursor is shown.
    pub fn cursor(&self) -> Option<(u16, u16)> {
        let terminal = self.terminal();
        let backend = terminal.backend();
        backend.cursor_visible().then(|| backend.cursor_position().into())
    }

    pub fn shows(&self, text: &str) -> bool {
        self.screen().contains(text)
    }
}

/// A plan as the session would make it, in a folder that is the same everywhere.
pub fn prepared(answers: &Answers) -> Prepared {
    let plan = install(&Settings::new(DIR.into(), answers), "# the recorded answers\nformat = 1\n");
    let secret = Some(Arc::new(Secret::new("correct horse battery".into())));
    Prepared::new(plan, Context { secret, ..Context::default() }, Situation::Fresh)
}

/// Of an estate of which nothing is stopped.
pub fn nothing_to_do() -> Prepared {
    Prepared::new(start(&PathBuf::from(DIR), &[]), Context::default(), Situation::Whole)
}

/// What a probe found: id, verdict, milliseconds, detail.
type Probe = (&'static str, Verdict, u64, &'static str);

/// All probes of a whole estate.
pub const GOOD_PROBES: [Probe; 13] = [
    ("passport-https", Verdict::Ok, 105, "passport 0.1.0 answers on 6453"),
    ("passport-client-auth", Verdict::Ok, 103, "answers on 6666 with a component's certificate"),
    ("passport-no-certificate", Verdict::Ok, 102, "6666 refuses connections without a certificate"),
    ("passport-wrong-secret", Verdict::Ok, 111, "a forged proof is refused"),
    ("passport-login-system", Verdict::Ok, 184, "system can log in at Synchrony"),
    ("passport-clock", Verdict::Ok, 103, "no difference"),
    ("integrator-keystore", Verdict::Ok, 0, "valid for 364 more days"),
    ("interchange-keystore", Verdict::Ok, 0, "valid for 364 more days"),
    ("integrator-ready", Verdict::Ok, 6, "takes work; registration: Registered"),
    ("interchange-ready", Verdict::Ok, 4, "takes work; registration: Registered"),
    ("b2bi-tables", Verdict::Ok, 6, "version 3, current"),
    ("b2bi-maps", Verdict::Ok, 6, "deployed: invoice, order, verification"),
    ("b2bi-document", Verdict::Ok, 96, "a document went in and came out, turned by its map"),
];

const PROBES: [Probe; 4] = [
    ("passport-https", Verdict::Ok, 12, "answers with its own certificate"),
    ("passport-clock", Verdict::CannotTell, 5000, "no answer within 5 s"),
    ("integrator-ready", Verdict::Failed, 31, "the process is not ready: it has no certificate that is valid now"),
    ("b2bi-maps", Verdict::NotAsked, 0, "no engine runs"),
];

/// A key by its name on the key sheet.
pub fn named(key: &str) -> KeyEvent {
    let (code, modifiers) = match key {
        "Enter" => (KeyCode::Enter, KeyModifiers::NONE),
        "Esc" => (KeyCode::Esc, KeyModifiers::NONE),
        "Space" => (KeyCode::Char(' '), KeyModifiers::NONE),
        "Tab" => (KeyCode::Tab, KeyModifiers::NONE),
        "Shift-Tab" => (KeyCode::BackTab, KeyModifiers::SHIFT),
        "Up" => (KeyCode::Up, KeyModifiers::NONE),
        "Down" => (KeyCode::Down, KeyModifiers::NONE),
        "Left" => (KeyCode::Left, KeyModifiers::NONE),
        "Right" => (KeyCode::Right, KeyModifiers::NONE),
        "Home" => (KeyCode::Home, KeyModifiers::NONE),
        "End" => (KeyCode::End, KeyModifiers::NONE),
        "PgUp" => (KeyCode::PageUp, KeyModifiers::NONE),
        "PgDn" => (KeyCode::PageDown, KeyModifiers::NONE),
        "Backspace" => (KeyCode::Backspace, KeyModifiers::NONE),
        "F1" => (KeyCode::F(1), KeyModifiers::NONE),
        "F2" => (KeyCode::F(2), KeyModifiers::NONE),
        control if control.starts_with("Ctrl-") => {
            let letter = control.chars().last().expect("a letter").to_ascii_lowercase();
            (KeyCode::Char(letter), KeyModifiers::CONTROL)
        }
        letter => (KeyCode::Char(letter.chars().next().expect("a letter")), KeyModifiers::NONE),
    };
    KeyEvent::new(code, modifiers)
}
