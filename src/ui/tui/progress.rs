//! A run as the wizard follows it: the steps, what came of each, the probes.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::age;
use super::text::log;
use crate::apply::{Event, Finished, Outcome};
use crate::plan::{Phase, Plan, Step};
use crate::registration::state::State as Registration;
use crate::ui::session::Way as Course;
use crate::ui::session::closing;
use crate::ui::session::interrupted::Interrupted;
use crate::verify::ProbeResult;

/// How long a page is shown at least before the wizard moves on by itself.
pub const SHOWN_AT_LEAST: Duration = Duration::from_secs(1);

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// It has not begun.
    Waiting,
    /// It runs, since then.
    Running(#[serde(with = "age")] Instant),
    /// It was done before the change was interrupted.
    Earlier,
    /// It is done, after so long.
    Done(Duration),
    /// It failed; why.
    Failed(String),
    /// It was put back.
    Undone,
    /// It could not be put back; why.
    NotUndone(String),
}

/// A run.
#[derive(Serialize, Deserialize)]
pub struct Run {
    /// What is done.
    pub plan: Plan,
    /// How an interrupted change is settled; `None` for one that was begun here.
    pub course: Option<Course>,
    /// What came of each step.
    pub marks: Vec<Mark>,
    /// Which of the steps that follow the commit are done.
    pub finished: Vec<bool>,
    /// Whether the change is committed.
    pub committed: bool,
    /// Places that were checked at the end, of those that there are.
    pub checked: Option<(usize, usize)>,
    /// What does not stand in the way, but should be known.
    pub warnings: Vec<String>,
    /// Where registrations stand, by step, as their files tell it.
    pub registrations: BTreeMap<usize, Registration>,
    /// Probes that are over, in the order in which they came.
    pub probes: Vec<ProbeResult>,
    /// When it began.
    #[serde(with = "age")]
    pub began: Instant,
    /// When it ended.
    #[serde(with = "age::option")]
    pub ended: Option<Instant>,
    /// What happened, in its order: how long after the beginning, and a line.
    pub log: Vec<(Duration, String)>,
    /// Whether steps are being put back.
    pub putting_back: bool,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Whether the wizard goes on to the page of the phase by itself.
    pub follows: bool,
    /// Since when the present page is shown.
    #[serde(with = "age")]
    pub page_since: Instant,
}

impl Run {
    /// Begins.
    pub fn new(plan: Plan, now: Instant) -> Self {
        Self {
            course: None,
            marks: vec![Mark::Waiting; plan.steps.len()],
            finished: vec![false; plan.finish.len()],
            committed: false,
            checked: None,
            warnings: Vec::new(),
            plan,
            registrations: BTreeMap::new(),
            probes: Vec::new(),
            began: now,
            ended: None,
            log: Vec::new(),
            putting_back: false,
            outcome: None,
            follows: true,
            page_since: now,
        }
    }

    /// Takes up an interrupted change.
    pub fn settling(change: &Interrupted, course: Course, now: Instant) -> Self {
        let mut run = Self::new(change.plan.clone(), now);
        run.course = Some(course);
        run.committed = change.committed;
        for step in &change.done {
            run.mark(*step, Mark::Earlier);
        }
        for (at, done) in run.finished.iter_mut().enumerate() {
            *done = change.finished.contains(&at);
        }
        run
    }

    /// Whether it only puts an interrupted change back.
    pub fn puts_back(&self) -> bool {
        self.course == Some(Course::PutBack)
    }

    /// Whether it ended as it was meant to.
    pub fn succeeded(&self) -> bool {
        let put_back = if self.puts_back() { Finished::PutBack } else { Finished::Done };
        self.outcome.as_ref().is_some_and(|outcome| [put_back, Finished::NothingToDo].contains(&outcome.result))
    }

    /// Whether it ended otherwise than it was meant to, and the doctor can look for the cause.
    pub fn leaves_a_patient(&self) -> bool {
        let outcome = self.outcome.as_ref().filter(|_| !self.succeeded());
        outcome.is_some_and(|outcome| closing::leaves_a_patient(&self.plan, outcome.result))
    }

    /// Takes in what happened.
    pub fn take(&mut self, event: Event, now: Instant) {
        if let Some(line) = self.told(&event) {
            self.log.push((now.saturating_duration_since(self.began), line));
        }
        match event {
            Event::Started(step) => self.mark(step, Mark::Running(now)),
            Event::Done(step, took) => self.mark(step, Mark::Done(took)),
            Event::Failed(step, why) => self.mark(step, Mark::Failed(why)),
            Event::NotUndone(step, why) => self.mark(step, Mark::NotUndone(why)),
            Event::PuttingBack => self.putting_back = true,
            Event::Probe(probe) => self.probes.push(probe),
            Event::Verified(_) => {}
            Event::Checked(report) => self.checked = Some((report.checked, report.expected)),
            Event::Warned(warning) => self.warnings.push(warning),
            Event::Committed => self.committed = true,
            Event::Finished(at) => {
                if let Some(done) = self.finished.get_mut(at) {
                    *done = true;
                }
            }
            Event::Undone(step) => {
                // The failed step stays marked as what it is: the cause is what a person looks for.
                if !matches!(self.marks.get(step), Some(Mark::Failed(_))) {
                    self.mark(step, Mark::Undone);
                }
            }
        }
    }

    /// What happened, as a line of the log.
    fn told(&self, event: &Event) -> Option<String> {
        let step = |step: &usize| self.describe(*step);
        Some(match event {
            Event::Started(at) => log::started(&step(at)),
            Event::Done(at, took) => log::done(&step(at), *took),
            Event::Failed(at, why) => log::failed(&step(at), why),
            Event::PuttingBack => log::PUTTING_BACK.to_owned(),
            Event::Undone(at) => log::undone(&step(at)),
            Event::NotUndone(at, why) => log::not_undone(&step(at), why),
            Event::Probe(probe) => log::probe(&probe.id, &probe.verdict.to_string(), &probe.detail),
            Event::Checked(report) => log::checked(report.checked, report.expected),
            Event::Warned(warning) => log::warned(warning),
            Event::Committed => log::COMMITTED.to_owned(),
            Event::Finished(at) => log::finished(&self.plan.finish.get(*at)?.describe(&self.plan.dir)),
            Event::Verified(_) => return None,
        })
    }

    /// Takes in how it ended.
    pub fn end(&mut self, outcome: Outcome, now: Instant) {
        self.outcome = Some(outcome);
        self.ended = Some(now);
    }

    /// The step that runs.
    pub fn current(&self) -> Option<usize> {
        self.marks.iter().position(|mark| matches!(mark, Mark::Running(_)))
    }

    /// The step that failed, and why.
    pub fn failure(&self) -> Option<(usize, &str)> {
        self.marks.iter().enumerate().find_map(|(step, mark)| match mark {
            Mark::Failed(why) => Some((step, why.as_str())),
            _ => None,
        })
    }

    /// How many steps are done.
    pub fn done(&self) -> usize {
        self.marks.iter().filter(|mark| matches!(mark, Mark::Done(_) | Mark::Earlier)).count()
    }

    /// How many steps are put back, of those that are to be.
    pub fn undone(&self) -> (usize, usize) {
        let undone = self.marks.iter().filter(|mark| **mark == Mark::Undone).count();
        (undone, undone + self.marks.iter().filter(|mark| !matches!(mark, Mark::Waiting | Mark::Undone)).count())
    }

    /// The steps of a phase, with their index.
    pub fn of_phase(&self, phase: Phase) -> impl Iterator<Item = usize> + '_ {
        self.plan.steps.iter().enumerate().filter(move |(_, step)| step.phase() == phase).map(|(step, _)| step)
    }

    /// A step in one line.
    pub fn describe(&self, step: usize) -> String {
        self.plan.steps.get(step).map(|step| step.describe(&self.plan.dir)).unwrap_or_default()
    }

    /// The component that a step registers.
    pub fn name(&self, step: usize) -> &str {
        match self.plan.steps.get(step) {
            Some(Step::Register { name, .. }) => name,
            _ => "",
        }
    }

    /// Reads where a registration stands from its files; a few names are all it takes.
    pub fn look_at_registration(&mut self, step: usize) {
        if let Some(Step::Register { site, .. }) = self.plan.steps.get(step) {
            self.registrations.insert(step, site.state());
        }
    }

    /// The registrations that the authority holds.
    pub fn held(&self) -> impl Iterator<Item = usize> + '_ {
        self.of_phase(Phase::Registration).filter(|step| self.registration(*step).is_pending())
    }

    /// Whether registrations were held that are not held any more.
    pub fn was_held(&self) -> bool {
        !self.registrations.is_empty() && self.held().next().is_none()
    }

    /// Whether every component that registers is registered.
    pub fn all_registered(&self) -> bool {
        let mut all = self.of_phase(Phase::Registration).peekable();
        all.peek().is_some() && all.all(|step| self.registration(step) == Registration::Registered)
    }

    /// Where a registration stands.
    pub fn registration(&self, step: usize) -> Registration {
        self.registrations.get(&step).cloned().unwrap_or(Registration::New)
    }

    /// How long it takes or took.
    pub fn elapsed(&self, now: Instant) -> Duration {
        self.ended.unwrap_or(now).saturating_duration_since(self.began)
    }

    /// The page on which the furthest phase that has begun is shown.
    pub fn page(&self) -> &'static str {
        if self.puts_back() {
            return "apply";
        }
        let begun = |phase| self.of_phase(phase).any(|step| self.marks[step] != Mark::Waiting);
        if begun(Phase::Verification) {
            "verification"
        } else if begun(Phase::Registration) {
            "registration"
        } else {
            "apply"
        }
    }

    /// The page on which a failed run shows its cause; a good one its end.
    pub fn last_page(&self) -> &'static str {
        let failed = self.failure().and_then(|(step, _)| self.plan.steps.get(step));
        match failed.map(Step::phase) {
            Some(Phase::Apply) => "apply",
            Some(Phase::Registration) => "registration",
            Some(Phase::Verification) => "verification",
            None => self.page(),
        }
    }

    /// Whether everything that a page shows is done.
    pub fn is_through(&self, page: &str) -> bool {
        let phase = match page {
            "apply" => Phase::Apply,
            "registration" => Phase::Registration,
            "verification" => Phase::Verification,
            _ => return self.outcome.is_some(),
        };
        self.succeeded() || self.of_phase(phase).all(|step| matches!(self.marks[step], Mark::Done(_) | Mark::Earlier))
    }

    /// Whether it binds the answers: it is under way, or what it did stands.
    pub fn settles(&self) -> bool {
        self.outcome.as_ref().is_none_or(|outcome| outcome.result != Finished::PutBack)
    }

    fn mark(&mut self, step: usize, mark: Mark) {
        if let Some(present) = self.marks.get_mut(step) {
            *present = mark;
        }
    }
}
