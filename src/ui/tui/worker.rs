//! What waits or works beside the screen, and answers by message: keys, signals, plans, the run.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;

use futures_util::future::select_all;
use ratatui::crossterm::event::{self, Event as Read, KeyEventKind};
use ratatui::layout::Size;
use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::drive::Input;
use super::message::Message;
use super::polling::Question;
use super::suspend;
use crate::apply::{Event, Outcome};
use crate::plan::{Plan, Step};
use crate::registration::site::Site;
use crate::ui::session::matrix::Live;
use crate::ui::session::obstacle::{Refused, possible};
use crate::ui::session::{self, Prepared, Typed, Way as Course, diagnosis, matrix, pending, standing};
use crate::wizard::Answers;

/// Reads keys until the screen is gone or the terminal is.
pub fn read_keys<M: From<Input> + Send + 'static>(to: Sender<M>) -> io::Result<()> {
    named("keys", move || {
        loop {
            let input = match event::read() {
                Ok(Read::Key(key)) if key.kind != KeyEventKind::Release => Input::Key(key),
                Ok(Read::Paste(text)) => Input::Paste(Zeroizing::new(text)),
                Ok(Read::Resize(width, height)) => Input::Resize(Size::new(width, height)),
                Ok(_) => continue,
                Err(_) => Input::Terminate,
            };
            let last = matches!(input, Input::Terminate);
            if to.send(input.into()).is_err() || last {
                return;
            }
        }
    })
}

/// Tells when the system or the closed terminal wants us to end, and when a shell stops us or lets us go on.
pub fn heed_signals<M: From<Input> + Send + 'static>(to: Sender<M>) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let entered = runtime.enter();
    let ending = [
        SignalKind::terminate(),
        SignalKind::hangup(),
        SignalKind::interrupt(),
        SignalKind::quit(),
        SignalKind::alarm(),
        SignalKind::user_defined1(),
        SignalKind::user_defined2(),
    ];
    let mut ending = ending.into_iter().map(signal).collect::<io::Result<Vec<_>>>()?;
    let mut stop = signal(SignalKind::from_raw(Signal::TSTP.as_raw()))?;
    let mut go_on = signal(SignalKind::from_raw(Signal::CONT.as_raw()))?;
    drop(entered);
    named("signals", move || {
        runtime.block_on(async {
            loop {
                let ended = select_all(ending.iter_mut().map(|signal| Box::pin(signal.recv())));
                let input = tokio::select! {
                    _ = ended => Input::Terminate,
                    _ = stop.recv() => { suspend::want(); Input::Tick }
                    _ = go_on.recv() => { suspend::continued(); Input::Tick }
                };
                let last = matches!(input, Input::Terminate);
                // Nobody listens any more when the screen is over already.
                if to.send(input.into()).is_err() || last {
                    return;
                }
            }
        });
    })
}

/// Makes the plan and asks whether it could be carried out.
pub fn prepare(ticket: u64, answers: Answers, typed: Typed, to: Sender<Message>) -> io::Result<()> {
    work("plan", to, move |_| {
        let result = session::prepare(&answers, &typed).map_err(|refusal| Refused::new(&refusal));
        Message::Prepared(ticket, Box::new(result.and_then(possible)))
    })
}

/// Looks at the folder.
pub fn detect(ticket: u64, dir: String, to: Sender<Message>) -> io::Result<()> {
    work("folder", to, move |_| Message::Stands(ticket, standing::look(&dir)))
}

/// Looks at the places, and then tells when a verdict may have changed, unless nobody wants to know any more.
pub fn look(ticket: u64, answers: Answers, unwanted: oneshot::Receiver<()>, to: Sender<Message>) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    work("places", to, move |to| {
        let live = runtime.block_on(async { Live::begin(&answers) });
        // Nobody listens any more when the wizard is over already.
        let _ = to.send(Message::Looked(ticket, matrix::look(&answers)));
        runtime.block_on(async {
            tokio::select! {
                () = live.changed() => Message::Changed(ticket),
                // The one who asks anew, or the wizard's end, drops the other half.
                _ = unwanted => Message::Tick,
            }
        })
    })
}

/// Has the doctor look at the estate.
pub fn diagnose(ticket: u64, dir: PathBuf, to: Sender<Message>) -> io::Result<()> {
    work("doctor", to, move |_| Message::Diagnosed(ticket, diagnosis::look(&dir)))
}

/// Carries the plan out.
pub fn run(prepared: Arc<Prepared>, to: Sender<Message>) -> io::Result<()> {
    work("run", to, move |to| Message::RunEnded(session::run(&prepared, &mut |event| tell(&prepared.plan, event, to))))
}

/// Settles the interrupted change in this folder.
pub fn settle(dir: PathBuf, course: Course, to: Sender<Message>) -> io::Result<()> {
    work("run", to, move |to| {
        let settled = session::settle(&dir, course, &mut |plan, event| tell(plan, event, to));
        Message::RunEnded(settled.map(|settled| settled.map_or_else(Outcome::nothing, |(_, outcome)| outcome)))
    })
}

/// Asks the authority about a registration that it holds.
pub fn ask(question: Question, dir: PathBuf, command: Vec<String>, site: Site, to: Sender<Message>) -> io::Result<()> {
    let Question { step, wanted } = question;
    let ask = if wanted { pending::ask_again } else { pending::ask_in_turn };
    work("registration", to, move |to| {
        // Nobody listens any more when the wizard is over already.
        let _ = to.send(Message::Asked(step, ask(&dir, &command, &site)));
        // A refusal is no answer to that, but it is kept in the files.
        Message::Registration(step, site.state())
    })
}

/// The run goes on to its end whether or not somebody looks.
fn tell(plan: &Plan, event: Event, to: &Sender<Message>) {
    let registration = registration(plan, &event);
    let _ = to.send(Message::Progress(event));
    if let Some(message) = registration {
        let _ = to.send(message);
    }
}

/// Where a registration stands once something happened to it.
fn registration(plan: &Plan, event: &Event) -> Option<Message> {
    let (Event::Done(step, _) | Event::Failed(step, _)) = event else { return None };
    let Some(Step::Register { site, .. }) = plan.steps.get(*step) else { return None };
    Some(Message::Registration(*step, site.state()))
}

/// One piece of work on a thread of its own; its end is always told, also an unexpected one.
fn work(
    name: &str,
    to: Sender<Message>,
    work: impl FnOnce(&Sender<Message>) -> Message + Send + 'static,
) -> io::Result<()> {
    named(name, move || {
        let message = catch_unwind(AssertUnwindSafe(|| work(&to))).unwrap_or(Message::Lost);
        let _ = to.send(message);
    })
}

/// A thread of its own.
pub fn named(name: &str, body: impl FnOnce() + Send + 'static) -> io::Result<()> {
    thread::Builder::new().name(format!("screen-{name}")).spawn(body).map(|_| ())
}
