//! Verdicts as mark and word.

use crate::alignment;
use crate::doctor;
use crate::registration::state::State;
use crate::verify;
use crate::verify::status::Process;

const GOOD: char = '✓';
const BAD: char = '✗';
const WARNING: char = '!';
const UNKNOWN: char = '?';
const UNDER_WAY: char = '…';
const NOTHING: char = '–';

/// What stands where there is nothing to tell.
pub(super) fn nothing() -> String {
    NOTHING.to_string()
}

/// A verdict on a place.
pub(super) fn alignment(verdict: alignment::Verdict) -> String {
    let mark = match verdict {
        alignment::Verdict::Aligned => GOOD,
        alignment::Verdict::CannotTell => UNKNOWN,
        alignment::Verdict::Missing | alignment::Verdict::Differs => BAD,
    };
    format!("{mark} {verdict}")
}

/// How bad a finding is.
pub(super) fn doctor(verdict: doctor::Verdict) -> String {
    let mark = match verdict {
        doctor::Verdict::Fine => GOOD,
        doctor::Verdict::Warning => WARNING,
        doctor::Verdict::CannotTell => UNKNOWN,
        doctor::Verdict::Trouble => BAD,
    };
    format!("{mark} {verdict}")
}

/// How a probe ended.
pub(super) fn probe(verdict: verify::Verdict) -> String {
    let mark = match verdict {
        verify::Verdict::Ok => GOOD,
        verify::Verdict::Failed => BAD,
        verify::Verdict::CannotTell => UNKNOWN,
        verify::Verdict::NotAsked => NOTHING,
    };
    format!("{mark} {verdict}")
}

/// Whether a process runs.
pub(super) fn process(process: Process) -> String {
    match process {
        Process::Running => format!("{GOOD} running"),
        Process::Stopped => format!("{BAD} stopped"),
    }
}

/// Where a registration stands, in the authority's own word.
pub(super) fn registration(state: &State) -> String {
    let mark = match state {
        State::Registered => GOOD,
        State::ValidationRefused | State::Failed => BAD,
        State::New => NOTHING,
        State::Other(_) => UNKNOWN,
        pending if pending.is_pending() => UNDER_WAY,
        _ => UNKNOWN,
    };
    format!("{mark} {state}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_comes_with_its_word() {
        assert_eq!(alignment(alignment::Verdict::CannotTell), "? can't tell");
        assert_eq!(probe(verify::Verdict::NotAsked), "– not asked");
        assert_eq!(process(Process::Stopped), "✗ stopped");
        assert_eq!(registration(&State::WaitingSigning), "… Waiting Signing");
    }
}
