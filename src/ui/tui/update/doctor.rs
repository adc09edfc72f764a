//! Asking the doctor what is wrong, after a run that did not end well.

use super::overlay;
use crate::doctor::Report;
use crate::ui::tui::message::Effect;
use crate::ui::tui::state::{Diagnosis, Overlay, State};

/// Has it look, and shows what it finds.
pub fn ask(state: &mut State) -> Vec<Effect> {
    overlay::open(state, Overlay::Doctor);
    state.ticket += 1;
    state.diagnosis = Diagnosis::Looking(state.now, state.ticket);
    vec![Effect::Diagnose(state.ticket)]
}

/// Asks once more where the process before this one did not live to see the answer.
pub fn go_on(state: &mut State) -> Vec<Effect> {
    if state.overlay == Some(Overlay::Doctor) { ask(state) } else { Vec::new() }
}

/// It looked; an answer to an earlier question is dropped.
pub fn found(state: &mut State, ticket: u64, result: Result<Report, String>) {
    if matches!(state.diagnosis, Diagnosis::Looking(_, asked) if asked == ticket) {
        state.diagnosis = Diagnosis::Found(result);
    }
}
