//! Alignment and Review: what stands, what will be, and the one consent.

use std::ops::ControlFlow;

use super::console::Reply;
use super::{Passed, Wizard, carry, text, walk};
use crate::alignment::Verdict;
use crate::apply::Outcome;
use crate::exit::Exit;
use crate::plan::{Plan, diff};
use crate::ui::session::answer_file::{self, NotSaved};
use crate::ui::session::changes::{Change, changes, shown};
use crate::ui::session::matrix::{self, Matrix, Row};
use crate::ui::session::obstacle::{Refused, possible};
use crate::ui::session::{Ended, Prepared, Situation, prepare};
use crate::ui::words::{alignment as places, answer_file as file, review as word};
use crate::wizard::{field, fields};

/// Shows all of it and asks for the consent; goes on with a question where something is in the way.
pub fn agree(wizard: &mut Wizard) -> Passed {
    wizard.turn_to("alignment");
    match matrix::look(&wizard.answers) {
        Ok(matrix) => tell_places(wizard, &matrix),
        Err(error) => wizard.console.text(&error),
    }
    loop {
        // What was looked at again is told again.
        wizard.page = "";
        wizard.turn_to("review");
        let prepared = match ready(wizard) {
            Ok(prepared) => prepared,
            Err(refused) => match in_the_way(wizard, &refused)? {
                Some(at) => return ControlFlow::Continue(at),
                None => continue,
            },
        };
        wizard.refused = None;
        tell_answers(wizard);
        if prepared.plan.is_empty() {
            let nothing =
                if prepared.situation == Situation::Configure { word::NOTHING_CHANGED } else { word::NOTHING };
            wizard.console.text(nothing);
            let (outcome, plan) = (Some(Outcome::nothing()), Some(prepared.plan));
            return ControlFlow::Break(Ended { exit: Exit::Done, outcome, plan, kept: false });
        }
        wizard.console.lines(&text::heading(text::PLAN));
        wizard.console.lines(&diff::render(&prepared.plan));
        if let Some(at) = consent(wizard, &prepared.plan)? {
            return ControlFlow::Continue(at);
        }
        match carry::out(wizard, &prepared) {
            Ok(ended) => return ControlFlow::Break(ended),
            Err(refusal) => {
                if let Some(at) = in_the_way(wizard, &Refused::new(&refusal))? {
                    return ControlFlow::Continue(at);
                }
            }
        }
    }
}

fn ready(wizard: &Wizard) -> Result<Prepared, Refused> {
    prepare(&wizard.answers, &wizard.typed).map_err(|refusal| Refused::new(&refusal)).and_then(possible)
}

fn tell_places(wizard: &Wizard, matrix: &Matrix) {
    let console = &wizard.console;
    if matrix.rows.is_empty() {
        console.text(places::NOBODY);
        return;
    }
    for row in &matrix.rows {
        console.text(&place(row));
    }
    if let Some(authority) = &matrix.authority {
        console.text(&places::authority(authority));
    }
    console.text(&matrix.summary());
}

fn place(row: &Row) -> String {
    let Row { component, place, level, now, detail } = row;
    let place = if place.is_empty() { places::PROCESS } else { place };
    match now {
        None => format!("{component}, {place}, {level}: {}", places::WILL_BE),
        Some(Verdict::Aligned) => format!("{component}, {place}, {level}: {}", Verdict::Aligned),
        Some(verdict) => format!("{component}, {place}, {level}: {verdict}: {detail}"),
    }
}

/// Every answer and who gave it; then what of it changes an installed estate.
fn tell_answers(wizard: &Wizard) {
    let (console, answers) = (&wizard.console, &wizard.answers);
    console.lines(text::ANSWERS);
    let asked = fields().filter(|(page, field)| (page.visible_if)(answers) && (field.visible_if)(answers));
    for (_, field) in asked {
        console.text(&text::given(field, &shown(answers, field.id), answers.origin(field.id)));
    }
    let recorded = wizard.standing.as_ref().and_then(|standing| standing.recorded.as_deref());
    let changes = changes(recorded, answers);
    if !changes.is_empty() {
        console.lines(text::CHANGES);
        changes.iter().map(Change::line).for_each(|line| console.text(&line));
    }
}

/// Tells what is in the way, and where to go on: a question, or Review once more.
fn in_the_way(wizard: &mut Wizard, refused: &Refused) -> ControlFlow<Ended, Option<usize>> {
    wizard.refused = Some(refused.exit);
    wizard.console.lines(word::IN_THE_WAY);
    for obstacle in &refused.obstacles {
        wizard.console.text(&obstacle.text);
    }
    let there = refused.obstacles.iter().find_map(|obstacle| field(obstacle.field?));
    let question = there.map_or_else(|| text::TRY_AGAIN.to_owned(), |field| text::go_there(field.label));
    match (wizard.console.ask(&question), there) {
        (Reply::Quit, _) => ControlFlow::Break(wizard.left()),
        (Reply::Back, _) => ControlFlow::Continue(Some(walk::last(wizard))),
        (Reply::Pages, _) => ControlFlow::Continue(walk::choose_page(wizard)),
        (_, Some(field)) => {
            wizard.opened.insert(field.id);
            ControlFlow::Continue(Some(walk::position(field.id)))
        }
        (_, None) => ControlFlow::Continue(None),
    }
}

/// The one consent; a question to go back to instead.
fn consent(wizard: &Wizard, plan: &Plan) -> ControlFlow<Ended, Option<usize>> {
    // How much it is stands right above, at the end of the plan.
    let question = word::consent(plan.steps.len(), &plan.dir);
    wizard.console.text(word::CONSENT_NOTE);
    wizard.console.text(text::SAVE_NOTE);
    loop {
        match wizard.console.agrees(&question) {
            Ok(true) => return ControlFlow::Continue(None),
            Ok(false) | Err(Reply::Quit) => return ControlFlow::Break(wizard.left()),
            Err(Reply::Back) => return ControlFlow::Continue(Some(walk::last(wizard))),
            Err(Reply::Pages) => {
                if let Some(at) = walk::choose_page(wizard) {
                    return ControlFlow::Continue(Some(at));
                }
            }
            Err(Reply::Help) => wizard.console.text(text::CONSENT),
            Err(Reply::Text(said)) if said == text::SAVE => save(wizard),
            Err(Reply::Text(_)) => wizard.console.lines(text::YES_OR_NO),
        }
    }
}

/// Writes the answers into a file, before anything is done.
fn save(wizard: &Wizard) {
    let console = &wizard.console;
    let Reply::Text(said) = console.ask(&text::line(file::FILE, file::NAME)) else { return };
    let name = if said.is_empty() { file::NAME } else { &said };
    let saved = match answer_file::save(&wizard.answers, name, false) {
        Err(NotSaved::IsThere) => match console.agrees(file::REPLACE) {
            Ok(true) => answer_file::save(&wizard.answers, name, true),
            _ => return console.lines(text::NOT_SAVED),
        },
        other => other,
    };
    match saved {
        Ok(path) => answer_file::about(&wizard.answers, &path).iter().for_each(|line| console.text(line)),
        Err(NotSaved::Failed(why)) => console.text(&why),
        Err(NotSaved::IsThere) => console.lines(text::NOT_SAVED),
    }
}
