//! What the wizard hands over to the process that shows the last pages: all they show, and no secret.

use std::time::Instant;

use ratatui::layout::Size;
use serde::{Deserialize, Serialize};

use super::modes::Modes;
use super::progress::Run;
use super::state::{Draft, Overlay, Ready, State};
use super::theme::Look;
use crate::ui::session::changes::Change;
use crate::ui::session::{Situation, Typed};
use crate::wizard::{Answer, Answers, Walk, fields};

/// All that the last pages show. Answers name where secrets come from, never a secret.
#[derive(Serialize, Deserialize)]
pub struct Handover {
    /// The terminal as it was before the wizard.
    pub modes: Modes,
    answers: Vec<(String, Answer)>,
    changed: bool,
    walk: Walk,
    overlay: Option<Overlay>,
    note: Option<String>,
    /// What stood in the folder, where Review has a plan to show.
    reviewed: Option<Situation>,
    changes: Vec<Change>,
    run: Run,
}

impl Handover {
    /// Of a wizard whose run is over; `None` for one without a run.
    pub fn of(state: &mut State, modes: Modes) -> Option<Self> {
        let answer = |id: &'static str| Some((id.to_owned(), state.answers.get(id)?.clone()));
        Some(Self {
            modes,
            answers: fields().filter_map(|(_, field)| answer(field.id)).collect(),
            changed: state.changed,
            walk: state.walk,
            overlay: state.overlay,
            note: state.note.clone(),
            reviewed: state.ready().map(|ready| ready.situation),
            changes: state.review.changes.clone(),
            run: state.run.take()?,
        })
    }

    /// Gives the run back to a wizard that goes on itself.
    pub fn give_back(self, state: &mut State) {
        state.run = Some(self.run);
    }

    /// The wizard that goes on with it.
    pub fn into_state(self, look: Look, host: String, size: Size, now: Instant) -> State {
        let mut answers = Answers::default();
        for (id, answer) in self.answers {
            // The same program wrote them.
            let _ = answers.set(&id, answer.value, answer.origin);
        }
        let mut state = State::new(answers, Typed::default(), look, host, size, now);
        state.changed = self.changed;
        state.walk = self.walk;
        state.overlay = self.overlay;
        state.note = self.note;
        state.review.changes = self.changes;
        if let Some(situation) = self.reviewed {
            state.review.draft = Draft::Ready(Box::new(Ready::carried_out(self.run.plan.clone(), situation)));
            state.review.basis = state.revision;
        }
        state.run = Some(self.run);
        state
    }
}
