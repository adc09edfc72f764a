//! A change that was interrupted: it is settled before anything else is asked.

use std::ops::ControlFlow;

use super::console::Reply;
use super::{Wizard, carry, over, text};
use crate::apply::Finished;
use crate::exit::Exit;
use crate::ui::report::outcome::Follower;
use crate::ui::session::interrupted::Interrupted;
use crate::ui::session::{Ended, Way as Course, settle as settle_change};
use crate::ui::words::course as word;

/// Offers the ways out of it. Goes on only when nothing is interrupted any more.
pub fn settle(wizard: &Wizard, change: &Interrupted) -> ControlFlow<Ended> {
    let console = &wizard.console;
    console.text(&change.text);
    loop {
        for (at, course) in change.courses.iter().enumerate() {
            console.text(&text::numbered(at + 1, &format!("{}: {}", word::name(*course), word::about(*course))));
        }
        let chosen = match console.ask(&text::line(text::NUMBER, "1")) {
            Reply::Text(said) if said.is_empty() => change.courses.first(),
            Reply::Text(said) => said.parse::<usize>().ok().and_then(|at| change.courses.get(at.checked_sub(1)?)),
            Reply::Help | Reply::Back | Reply::Pages => None,
            Reply::Quit => return ControlFlow::Break(over(Exit::Interrupted)),
        };
        let Some(course) = chosen.copied() else {
            console.lines(text::NO_SUCH_NUMBER);
            continue;
        };
        console.text(word::note(course, change.committed));
        match console.agrees(&word::question(course, &change.id)) {
            Ok(true) => return carry_out(wizard, course),
            Err(Reply::Quit) => return ControlFlow::Break(over(Exit::Interrupted)),
            _ => console.lines(text::NOT_SETTLED),
        }
    }
}

fn carry_out(wizard: &Wizard, course: Course) -> ControlFlow<Ended> {
    let console = &wizard.console;
    let mut follower = Follower::default();
    let dir = std::path::absolute(wizard.answers.text("estate.dir")).unwrap_or_default();
    let settled = settle_change(&dir, course, &mut |plan, event| {
        if let Some(line) = follower.take(plan, event) {
            console.lines(&line);
        }
    });
    match settled {
        Ok(None) => ControlFlow::Continue(()),
        Ok(Some((change, outcome))) => {
            let asked_for = course == Course::PutBack && outcome.result == Finished::PutBack;
            let exit = if asked_for { Exit::Done } else { outcome.result.into() };
            carry::tell_end(wizard, &change.plan, &outcome, &follower, course == Course::PutBack);
            ControlFlow::Break(Ended { exit, outcome: Some(outcome), plan: Some(change.plan), kept: false })
        }
        Err(refusal) => {
            console.text(&refusal.to_string());
            ControlFlow::Break(over(refusal.exit()))
        }
    }
}
