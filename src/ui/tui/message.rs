//! What reaches the wizard, and what it wants done in return.

use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::Size;
use zeroize::Zeroizing;

use super::drive::Input;
use super::polling::Question;
use crate::apply::{Event, Outcome};
use crate::doctor::Report;
use crate::registration::state::State as Registration;
use crate::ui::session::answer_file::NotSaved;
use crate::ui::session::matrix::Matrix;
use crate::ui::session::{Prepared, Refusal, Way as Course};

use crate::ui::session::obstacle::Refused;
use crate::ui::session::standing::Standing;

/// Something happened. It has no `Debug`: keys and pastes may be parts of a secret.
pub enum Message {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(Zeroizing<String>),
    /// The window has another size.
    Resize(Size),
    /// Time passed while something moves.
    Tick,
    /// The plan that was asked for with this ticket.
    Prepared(u64, Box<Result<Prepared, Refused>>),
    /// The matrix that was asked for with this ticket.
    Looked(u64, Result<Matrix, String>),
    /// The answers are saved, or why not.
    Saved(Result<Vec<String>, NotSaved>),
    /// The places that were looked at with this ticket may be different now.
    Changed(u64),
    /// What stands in the folder that was asked about with this ticket.
    Stands(u64, Standing),
    /// The run goes on.
    Progress(Event),
    /// Where the registration of this step stands.
    Registration(usize, Registration),
    /// What the authority says of the registration of this step, asked once more.
    Asked(usize, Result<Registration, String>),
    /// What the doctor found that was asked with this ticket.
    Diagnosed(u64, Result<Report, String>),
    /// The run is over.
    RunEnded(Result<Outcome, Refusal>),
    /// A worker came to an unexpected end.
    Lost,
    /// The system or the closed terminal wants us to end.
    Terminate,
}

impl From<Input> for Message {
    fn from(input: Input) -> Self {
        match input {
            Input::Key(key) => Self::Key(key),
            Input::Paste(text) => Self::Paste(text),
            Input::Resize(size) => Self::Resize(size),
            Input::Tick => Self::Tick,
            Input::Terminate => Self::Terminate,
        }
    }
}

/// Something to do outside the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Make the plan; the answer carries the ticket.
    Prepare(u64),
    /// Look at the folder; the answer carries the ticket.
    Detect(u64),
    /// Save the answers as a file; whether to replace one that is there.
    Save(bool),
    /// Look at the places; the answer carries the ticket.
    Look(u64),
    /// Look where the registration of this step stands.
    LookAtRegistration(usize),
    /// Ask the authority about a registration that it holds.
    Ask(Question),
    /// Have the doctor look at the estate; the answer carries the ticket.
    Diagnose(u64),
    /// Carry the plan out.
    Run,
    /// Settle the interrupted change this way.
    Settle(Course),
    /// Stop as a shell's job, until it lets us go on.
    Suspend,
    /// Draw everything anew.
    Repaint,
    /// Execute the program anew, so that no secret is left in its memory.
    ExecuteAnew,
}
