//! Asks the authority over its admin socket, on a thread of its own: once a second what it is, and when that changed
//! what the shown view shows. Nothing is sent that is known already.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::data::{Numbered, Overview, Part, Since, read};
use super::message::{Act, Message, Told};
use super::text;
use super::views::Tab;
use crate::daemon::control::{Refusal, ask};
use crate::estate::record;
use crate::passport::Home;
use crate::ui::session::hold;
use crate::ui::tui::worker::named;

/// How often the authority is asked.
const EVERY: Duration = Duration::from_secs(1);
/// How long it may take to tell something.
const TELL: Duration = Duration::from_secs(5);
/// How long it may take to do something.
const ACT: Duration = Duration::from_secs(10);
/// How many of a kind are asked for: an answer of the socket has an end.
pub const MOST: u32 = 1000;
/// How many audit rows at once.
const ROWS: u32 = 500;

/// What the worker is asked for.
pub enum Ask {
    /// What this view shows.
    Show(Tab),
    /// An act.
    Do(Act),
}

/// Asks until nobody listens any more.
pub fn watch(home: Home, asked: Receiver<Ask>, to: Sender<Message>) -> io::Result<()> {
    named("authority", move || {
        let mut watch = Watch { socket: home.admin_socket(), home, tab: Tab::Requests, told: None, row: 0, away: None };
        loop {
            let next = asked.recv_timeout(EVERY);
            let message = match next {
                Ok(Ask::Do(act)) => Some(watch.act(&act)),
                Ok(Ask::Show(tab)) => {
                    (watch.tab, watch.told) = (tab, None);
                    None
                }
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            for message in message.into_iter().chain(watch.look()) {
                if to.send(message).is_err() {
                    return;
                }
            }
        }
    })
}

struct Watch {
    home: Home,
    socket: PathBuf,
    tab: Tab,
    /// What was told last, and in which minute: a minute later ages are others. `None` asks anew.
    told: Option<(Overview, i64)>,
    /// The last audit row that was told.
    row: i64,
    /// Why it did not answer, where it did not.
    away: Option<String>,
}

impl Watch {
    /// Looks whether anything changed.
    fn look(&mut self) -> Option<Message> {
        match self.ask() {
            Ok(told) => {
                self.away = None;
                told.map(|told| Message::Told(Box::new(told)))
            }
            Err(why) => {
                self.told = None;
                let is_news = self.away.as_ref() != Some(&why);
                self.away = Some(why.clone());
                is_news.then_some(Message::Away(why))
            }
        }
    }

    fn ask(&mut self) -> Result<Option<Told>, String> {
        let overview: Overview = serde_json::from_value(self.tell(&json!({ "do": "overview" }))?)
            .map_err(|_| text::OTHER_VERSION.to_owned())?;
        let at = Timestamp::now();
        let now = (overview.clone(), at.as_second() / 60);
        if self.told.as_ref() == Some(&now) {
            return Ok(None);
        }
        let part = self.part(&overview)?;
        self.told = Some(now);
        Ok(Some(Told { at, overview, part }))
    }

    fn part(&mut self, overview: &Overview) -> Result<Part, String> {
        let list = |act: &str| json!({ "do": act, "limit": MOST });
        Ok(match self.tab {
            Tab::Requests => Part::Requests(read(&mut self.tell(&list("requests"))?, "requests")?),
            Tab::Components => Part::Components(
                read(&mut self.tell(&list("component-list"))?, "components")?,
                read(&mut self.tell(&list("secret-list"))?, "secrets")?,
            ),
            Tab::Secrets => {
                let mut answer = self.tell(&list("secret-list"))?;
                Part::Secrets(read(&mut answer, "secrets")?, read(&mut answer, "waiting")?)
            }
            Tab::Certificates => Part::Certificates(read(&mut self.tell(&list("certificate-list"))?, "certificates")?),
            Tab::Audit => self.rows(overview.newest)?,
            Tab::Ports => Part::Ports,
            Tab::Properties => Part::Properties(read(&mut self.tell(&list("property-list"))?, "properties")?),
        })
    }

    /// The rows that came since; where they are many, the newest of them alone. Another authority begins anew.
    fn rows(&mut self, newest: i64) -> Result<Part, String> {
        let after = if newest < self.row { 0 } else { self.row };
        let mut answer = self.tell(&json!({ "do": "audit-rows", "after": after, "limit": ROWS }))?;
        let rows: Vec<Numbered> = read(&mut answer, "rows")?;
        let follows = after > 0 && rows.len() < ROWS as usize;
        self.row = rows.last().map_or(after, |last| last.id);
        Ok(Part::Audit(rows, if follows { Since::TheLast } else { Since::Nothing }))
    }

    fn act(&mut self, act: &Act) -> Message {
        self.told = None;
        Message::Acted(carry_out(&self.home, &self.socket, act))
    }

    fn tell(&self, request: &Value) -> Result<Value, String> {
        ask(&self.socket, request, TELL).map_err(|error| match Refusal::of(&error) {
            Some(refusal) => format!("it says: {refusal}"),
            None => unanswered(&error),
        })
    }
}

fn unanswered(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => text::NOT_RUNNING.to_owned(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => text::TOO_LATE.to_owned(),
        _ => error.to_string(),
    }
}

/// What changes how the authority works must not meet a run over its estate.
fn carry_out(home: &Home, socket: &Path, act: &Act) -> Result<String, String> {
    let estate = home.path().parent().filter(|folder| folder.join(record::FILE).exists());
    let _lock = match (act, estate) {
        (Act::Set(..), Some(dir)) => {
            Some(hold(dir, "passport console").map_err(|refusal| refusal.to_string().replace('\n', " "))?)
        }
        _ => None,
    };
    ask(socket, &act.request(), ACT).map(|answer| act.done(&answer)).map_err(|error| match Refusal::of(&error) {
        Some(refusal) => refusal.to_string(),
        None => text::away(&unanswered(&error)),
    })
}
