//! All that the wizard knows. One owner; only `update` changes it, the view only reads it.
//!
//! Nothing here has a `Debug`: typed secrets are among it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ratatui::layout::Size;
use serde::{Deserialize, Serialize};
use tui_input::Input;

use super::edits::Edits;
use super::obstacle;
use super::polling::{self, Polling};
use super::progress::Run;
use super::stops::Stop;
use super::text;
use super::theme::Look;
use crate::apply::Finished;
use crate::doctor::Report;
use crate::plan::diff::{Item, items};
use crate::plan::{Counts, Plan};
use crate::ui::session::bookmark::{Bookmark, Leaves};
use crate::ui::session::changes::Change;
use crate::ui::session::giving::Way;
use crate::ui::session::interrupted::Interrupted;
use crate::ui::session::matrix::Matrix;
use crate::ui::session::obstacle::{Obstacle, Refused};
use crate::ui::session::standing::Standing;
use crate::ui::session::{Ended, Prepared, Situation, Typed, Way as Course};
use crate::wizard::{Answers, Field, Page, Walk, pages};

/// Work that takes less is not shown as work.
pub const NOTICEABLE: Duration = Duration::from_millis(100);

/// What lies over the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Overlay {
    /// Help on the focused field.
    Help,
    /// Every key that works now.
    Keys,
    /// Every answer with its origin.
    Origins,
    /// The pages, one of them pointed at.
    Pages(usize),
    /// What happened in the run so far.
    Log,
    /// What the doctor found.
    Doctor,
    /// The one consent.
    Consent,
    /// Whether to settle an interrupted change this way.
    Settle(Course),
    /// Whether to go on from where the wizard was left.
    Bookmark,
    /// In which file to save the answers.
    Save,
    /// Whether to replace that file.
    Replace,
    /// The answers are saved.
    Saved,
    /// Whether to leave.
    Quit,
}

/// Saving the answers as a file.
pub struct Saving {
    /// The file's name.
    pub file: Input,
    /// Why it was not written.
    pub problem: Option<String>,
    /// What to know of the file that was.
    pub about: Vec<String>,
}

/// What is known of the places.
pub enum Places {
    /// Nobody looked.
    Never,
    /// Somebody looks, since then.
    Looking(Instant),
    /// What was found, or why it could not be; and for which revision of the answers.
    Found(u64, Result<Matrix, String>),
}

/// What the doctor says, or the way to it.
pub enum Diagnosis {
    /// Nobody asked.
    None,
    /// It looks, since then; the answer carries this ticket.
    Looking(Instant, u64),
    /// What it found, or why it could not look.
    Found(Result<Report, String>),
}

/// A plan, or the way to it.
pub enum Draft {
    /// None was asked for.
    None,
    /// It is being made, since then; the answer carries this ticket.
    Preparing(Instant, u64),
    /// It is there.
    Ready(Box<Ready>),
    /// It cannot be made.
    Refused(Refused),
}

/// A plan that waits for its consent.
pub struct Ready {
    /// All that a run needs; gone as soon as the run is over, since it holds the secret.
    pub prepared: Option<Arc<Prepared>>,
    /// What will be done.
    pub plan: Plan,
    /// The same for people.
    pub items: Vec<Item>,
    /// How much it is.
    pub counts: Counts,
    /// What stands in the folder.
    pub situation: Situation,
}

impl Ready {
    /// Takes a plan over.
    pub fn new(prepared: Prepared) -> Self {
        let ready = Self::carried_out(prepared.plan.clone(), prepared.situation);
        Self { prepared: Some(Arc::new(prepared)), ..ready }
    }

    /// A plan of which nothing is left to do.
    pub fn carried_out(plan: Plan, situation: Situation) -> Self {
        let (items, counts) = (items(&plan), plan.counts());
        Self { prepared: None, plan, items, counts, situation }
    }
}

/// The Review page.
pub struct Review {
    /// The plan.
    pub draft: Draft,
    /// The revision of the answers that the plan was made from.
    pub basis: u64,
    /// What these answers change of an installed estate.
    pub changes: Vec<Change>,
    /// The entry pointed at: a step, or what is in the way.
    pub selected: usize,
    /// Whether the text of the step has the keys, not the list.
    pub in_text: bool,
}

/// The wizard.
pub struct State {
    /// How it looks.
    pub look: Look,
    /// This host's name.
    pub host: String,
    /// The window.
    pub size: Size,
    /// The time, as of the last message.
    pub now: Instant,
    /// What was answered.
    pub answers: Answers,
    /// Secrets that were typed.
    pub typed: Typed,
    /// What is being typed.
    pub edits: Edits,
    /// Counts every change of the answers and of typed secrets.
    pub revision: u64,
    /// Whether the person changed anything.
    pub changed: bool,
    /// Where it is.
    pub walk: Walk,
    /// What had the focus, by page.
    pub focus: BTreeMap<&'static str, Stop>,
    /// How far the person scrolled the present page or overlay; `None` follows what has the focus.
    pub scroll: Option<usize>,
    /// What lies over the page.
    pub overlay: Option<Overlay>,
    /// A word about the last key, until the next.
    pub note: Option<String>,
    /// What stands in the folder, once that was looked at.
    pub standing: Option<Standing>,
    /// The ticket of that look; `None` when the folder is another one since.
    pub looked: Option<u64>,
    /// The places.
    pub places: Places,
    /// The ticket of the last look at the places.
    pub asked: u64,
    /// The plan.
    pub review: Review,
    /// The file that answers are saved in.
    pub saving: Saving,
    /// The run.
    pub run: Option<Run>,
    /// What keeps the estate from working after a run that did not end well.
    pub diagnosis: Diagnosis,
    /// What the authority is asked of registrations that it holds.
    pub polling: Polling,
    /// Counts what was asked of workers, to tell late answers.
    pub ticket: u64,
    /// Where it was left before, until that was offered.
    pub bookmark: Option<Bookmark>,
    /// Whether there is a folder in which a bookmark can be kept.
    pub can_keep: bool,
    /// What becomes of the bookmark; told when it is over.
    pub leaves: Leaves,
    /// Whether it must end as soon as no run is under way.
    pub leaving: bool,
    /// Set when it is over.
    pub ended: Option<Ended>,
}

impl State {
    /// At the first page, with the answers given so far.
    pub fn new(answers: Answers, typed: Typed, look: Look, host: String, size: Size, now: Instant) -> Self {
        Self {
            look,
            host,
            size,
            now,
            edits: Edits::new(&answers),
            answers,
            typed,
            revision: 1,
            changed: false,
            walk: Walk::default(),
            focus: BTreeMap::new(),
            scroll: None,
            overlay: None,
            note: None,
            standing: None,
            looked: None,
            places: Places::Never,
            asked: 0,
            review: Review { draft: Draft::None, basis: 0, changes: Vec::new(), selected: 0, in_text: false },
            saving: Saving { file: Input::new(text::answer_file::NAME.to_owned()), problem: None, about: Vec::new() },
            run: None,
            diagnosis: Diagnosis::None,
            polling: Polling::default(),
            ticket: 0,
            bookmark: None,
            can_keep: false,
            leaves: Leaves::AsItWas,
            leaving: false,
            ended: None,
        }
    }

    /// The page that is shown.
    pub fn page(&self) -> &'static Page {
        self.walk.current()
    }

    /// Whether the page with this id is shown.
    pub fn on(&self, page: &str) -> bool {
        self.page().id == page
    }

    /// What keeps a field's editor from being an answer. A secret that was given before the wizard began counts.
    pub fn edit_problem(&self, field: &Field) -> Option<String> {
        let edit = self.edits.source(field.id)?;
        let given = edit.way == Way::Type && edit.secret.is_empty() && self.typed.get(field.id).is_some();
        if given { None } else { edit.problem(field, &self.answers) }
    }

    /// The rule that a field breaks now.
    pub fn problem(&self, field: &Field) -> Option<String> {
        self.edit_problem(field).or_else(|| field.problem(&self.answers))
    }

    /// All that is in the way of a consent.
    pub fn obstacles(&self) -> Vec<Obstacle> {
        let unfinished = obstacle::unfinished(self);
        match &self.review.draft {
            Draft::Refused(refused) if unfinished.is_empty() => refused.obstacles.clone(),
            _ => unfinished,
        }
    }

    /// Whether a page has something that needs attention, while its answers can still change.
    pub fn needs_attention(&self, page: &Page) -> bool {
        !self.settled()
            && page.fields.iter().any(|field| (field.visible_if)(&self.answers) && self.problem(field).is_some())
    }

    /// The plan, if one is there and belongs to these answers.
    pub fn ready(&self) -> Option<&Ready> {
        match &self.review.draft {
            Draft::Ready(ready) if self.review.basis == self.revision => Some(ready),
            _ => None,
        }
    }

    /// The plan that Review shows: the one to consent to, or the one that was carried out.
    pub fn shown_plan(&self) -> Option<&Ready> {
        if self.obstacles().is_empty() { self.ready() } else { None }
    }

    /// What is pointed at of all that is in the way.
    pub fn selected_obstacle(&self) -> Option<Obstacle> {
        let obstacles = self.obstacles();
        let last = obstacles.len().checked_sub(1)?;
        obstacles.into_iter().nth(self.review.selected.min(last))
    }

    /// The interrupted change that the Welcome page offers to settle.
    pub fn interrupted(&self) -> Option<&Interrupted> {
        self.standing.as_ref()?.interrupted.as_deref().filter(|_| self.run.is_none())
    }

    /// The recorded answers of the estate in the folder.
    pub fn recorded(&self) -> Option<&Answers> {
        self.standing.as_ref()?.recorded.as_deref()
    }

    /// How the run ended, if it did.
    pub fn finished(&self) -> Option<Finished> {
        self.run.as_ref()?.outcome.as_ref().map(|outcome| outcome.result)
    }

    /// Whether a run is under way.
    pub fn running(&self) -> bool {
        self.run.as_ref().is_some_and(|run| run.outcome.is_none())
    }

    /// Whether the run under way is past its commit: what follows can be left to itself.
    pub fn committed(&self) -> bool {
        self.running() && self.run.as_ref().is_some_and(|run| run.committed)
    }

    /// Whether the answers can no longer change: they are being or have been carried out.
    pub fn settled(&self) -> bool {
        self.run.as_ref().is_some_and(Run::settles)
    }

    /// Whether one can go to a page now.
    pub fn reachable(&self, page: &Page) -> bool {
        // When the change stands, the places can be asked again.
        let first = if self.running() { "review" } else { "alignment" };
        self.walk.visited(page) && (!self.settled() || position(page) >= position_of(first))
    }

    /// When time has to be told though nothing moves.
    pub fn due(&self) -> Option<Instant> {
        polling::due(self)
    }

    /// Whether something moves on the screen, so that time has to be told.
    pub fn moves(&self) -> bool {
        self.running()
            || matches!(self.review.draft, Draft::Preparing(..))
            || matches!(self.places, Places::Looking(..))
            || (self.overlay == Some(Overlay::Doctor) && matches!(self.diagnosis, Diagnosis::Looking(..)))
            || self.run.as_ref().is_some_and(|run| run.follows)
    }
}

/// A page's place in the walk.
pub fn position(page: &Page) -> usize {
    position_of(page.id)
}

/// A page's place in the walk, by its id.
pub fn position_of(id: &str) -> usize {
    pages().iter().position(|page| page.id == id).unwrap_or(0)
}
