//! Walking a plan: a journal line before and after each step, the commit, and everything put back when a step fails.

use std::ops::Range;
use std::time::{Duration, Instant};

use super::act::{ActError, Ended, act, remember, undo, undo_to_do_anew};
use super::journal::{Begun, Journal, Line};
use super::outcome::{Finished, Outcome};
use super::processes::{bring_up_to_undo, start_again};
use super::vault::Vault;
use super::{Context, Event};
use crate::fs::faults;
use crate::plan::{Plan, Step, TakeOver};

/// A walk through a plan, with what it has done so far.
pub(super) struct Walk<'a> {
    pub plan: &'a Plan,
    pub journal: Journal,
    pub outcome: Outcome,
    context: &'a Context,
    /// `None` once it was destroyed: then nothing that needs it was begun, or all was undone.
    vault: Option<Vault>,
    begun: Vec<Begun>,
}

impl<'a> Walk<'a> {
    pub fn new(
        plan: &'a Plan,
        context: &'a Context,
        journal: Journal,
        vault: Option<Vault>,
        begun: Vec<Begun>,
    ) -> Self {
        let outcome = Outcome::of(&journal.id());
        Self { plan, journal, outcome, context, vault, begun }
    }

    /// Does what is not done yet, commits, and finishes.
    pub fn forward(&mut self, events: &mut dyn FnMut(Event)) {
        self.outcome.steps = self.begun.len();
        // A registration that the authority holds ended the steps already when the run was interrupted behind it.
        let done = &self.plan.steps[..self.begun.len()];
        let mut pending =
            done.iter().any(|step| matches!(step, Step::Register { site, .. } if site.state().is_pending()));
        while self.begun.len() < self.plan.steps.len() && !pending {
            let batch = batch(&self.plan.steps, self.begun.len());
            match self.steps(batch.clone(), events) {
                Ok(ended) => pending = ended.iter().any(|ended| matches!(ended, Ended::Pending(_))),
                Err((step, error)) => return self.failed(step, &error, events),
            }
        }
        faults::point("commit");
        if let Err(error) = self.journal.add(&Line::Commit) {
            let last = self.plan.steps.len().saturating_sub(1);
            return self.failed(last, &ActError::Other(error.to_string()), events);
        }
        events(Event::Committed);
        self.finish(&[], events);
        if pending && self.outcome.result == Finished::Done {
            self.outcome.result = Finished::Pending;
        }
    }

    /// What follows the commit, except what is done of it already.
    pub fn finish(&mut self, done: &[usize], events: &mut dyn FnMut(Event)) {
        self.outcome.steps = self.begun.len();
        for (index, step) in self.plan.finish.iter().enumerate().filter(|(index, _)| !done.contains(index)) {
            faults::point(&format!("finish {index}"));
            let done = act(step, self.plan, self.context, events).and_then(|_| {
                self.journal.add(&Line::Finished { step: index }).map_err(|e| ActError::Other(e.to_string()))
            });
            if let Err(error) = done {
                self.outcome.reason = Some(format!("{}: {error}", step.describe(&self.plan.dir)));
                self.outcome.result = Finished::Interrupted;
                return;
            }
            events(Event::Finished(index));
        }
        self.outcome.still_to_do.clone_from(&self.plan.still_to_do);
        self.outcome.result = Finished::Done;
    }

    /// Undoes the steps that were begun and are not done, so that they can be done anew. Tells whether it could; if not,
    /// everything is put back.
    pub fn undo_what_was_interrupted(&mut self, events: &mut dyn FnMut(Event)) -> bool {
        while let Some(begun) = self.begun.pop_if(|begun| !begun.done) {
            let step = &self.plan.steps[begun.step];
            if let Err(error) = undo_to_do_anew(step, self.plan, self.context, &begun, self.vault.as_ref()) {
                let index = begun.step;
                self.begun.push(begun);
                self.failed(index, &error, events);
                return false;
            }
            let _ = self.journal.add(&Line::Undone { step: begun.step });
        }
        true
    }

    /// Undoes steps, the last first. One that cannot be undone does not keep the others from being undone.
    pub fn put_back(&mut self, events: &mut dyn FnMut(Event)) {
        events(Event::PuttingBack);
        // The authority may have died on the way, and it takes part in undoing.
        bring_up_to_undo(self.plan, &self.begun, self.context);
        let mut still_running = Vec::new();
        for begun in std::mem::take(&mut self.begun).into_iter().rev() {
            let (index, step) = (begun.step, &self.plan.steps[begun.step]);
            faults::point(&format!("undo {index}"));
            // A home is not taken from under a process that could not be stopped.
            let lived_in = match step {
                Step::MakeHome { home, .. } | Step::MakeFolders { home, .. } => {
                    still_running.iter().any(|pid_file: &&std::path::Path| pid_file.starts_with(home))
                }
                _ => false,
            };
            let undone =
                if lived_in { Err(ActError::Other("its process still runs".into())) } else { self.undo(&begun) };
            if let (Step::Start(process), Err(_)) = (step, &undone)
                && process.status.is_empty()
            {
                still_running.push(&process.pid_file);
            }
            match undone {
                Ok(()) => {
                    // Without this line the step would be undone once more, which is harmless.
                    let _ = self.journal.add(&Line::Undone { step: index });
                    events(Event::Undone(index));
                }
                Err(error) => self.not_undone(index, &error, events),
            }
        }
        for (name, error) in start_again(self.plan, self.context) {
            self.outcome.by_hand.push(format!("start {name}: {}", self.context.masked(&error)));
        }
        self.outcome.restarted.clear();
        self.outcome.seen_refused.clear();
        self.outcome.changed = !self.outcome.by_hand.is_empty();
        self.outcome.result = if self.outcome.changed { Finished::NotPutBack } else { Finished::PutBack };
    }

    fn steps(&mut self, batch: Range<usize>, events: &mut dyn FnMut(Event)) -> Result<Vec<Ended>, (usize, ActError)> {
        let first = batch.start;
        let mut lines = Vec::new();
        for index in batch.clone() {
            events(Event::Started(index));
            let before =
                remember(index, &self.plan.steps[index], self.vault.as_ref()).map_err(|error| (index, error))?;
            lines.push(Line::Start { step: index, before: before.clone() });
            self.begun.push(Begun { step: index, done: false, before });
        }
        points("before", &batch);
        self.journal.add_all(&lines).map_err(|error| (first, ActError::Other(error.to_string())))?;
        points("inside", &batch);
        let acted = self.act_all(batch.clone(), events);
        points("at the end of", &batch);
        let mut ended = Vec::new();
        let mut lines = Vec::new();
        for (index, result, time) in acted {
            match result {
                Ok(end) => {
                    lines.push(Line::Done { step: index });
                    self.done(index, &end);
                    events(Event::Done(index, time));
                    ended.push(end);
                }
                Err(error) => return Err((index, error)),
            }
        }
        self.journal.add_all(&lines).map_err(|error| (first, ActError::Other(error.to_string())))?;
        points("after", &batch);
        Ok(ended)
    }

    /// One step by itself; several that do not depend on each other side by side.
    fn act_all(
        &self,
        batch: Range<usize>,
        events: &mut dyn FnMut(Event),
    ) -> Vec<(usize, Result<Ended, ActError>, Duration)> {
        let (plan, context) = (self.plan, self.context);
        let timed = |index: usize, events: &mut dyn FnMut(Event)| {
            let since = Instant::now();
            let result = act(&plan.steps[index], plan, context, events);
            (index, result, since.elapsed())
        };
        if batch.len() == 1 {
            return vec![timed(batch.start, events)];
        }
        std::thread::scope(|scope| {
            let acting: Vec<_> = batch.map(|index| (index, scope.spawn(move || timed(index, &mut |_| ())))).collect();
            let broken = |index| (index, Err(ActError::Other("it ended unexpectedly".into())), Duration::default());
            acting.into_iter().map(|(index, acting)| acting.join().unwrap_or_else(|_| broken(index))).collect()
        })
    }

    fn done(&mut self, index: usize, ended: &Ended) {
        self.begun.iter_mut().filter(|begun| begun.step == index).for_each(|begun| begun.done = true);
        self.outcome.steps += 1;
        match &self.plan.steps[index] {
            Step::Start(process) | Step::Stop(process) => self.outcome.restarted.push(process.component.clone()),
            Step::WriteSecret { takes_over, .. } => {
                let restarted = takes_over.iter().filter(|one| matches!(one, TakeOver::Restart(_)));
                self.outcome.restarted.extend(restarted.map(|one| one.process().component.clone()));
            }
            Step::SeeRefused(process) if process.watch.is_empty() => {
                self.outcome.seen_refused.push(process.component.clone());
            }
            Step::SeeRefused(process) => {
                self.outcome.seen_refused.extend(process.watch.iter().map(|watch| watch.component.clone()));
            }
            _ => {}
        }
        if let Ended::Pending(state) = ended {
            self.outcome.reason = state.message().map(|message| self.context.masked(&message));
        }
    }

    fn failed(&mut self, index: usize, error: &ActError, events: &mut dyn FnMut(Event)) {
        if matches!(error, ActError::InTheWay(_)) {
            self.begun.retain(|begun| begun.step != index);
            let _ = self.journal.add(&Line::Undone { step: index });
        }
        let cause = self.context.masked(&error.to_string());
        events(Event::Failed(index, cause.clone()));
        let _ = self.journal.add(&Line::Failed { step: index, cause: cause.clone() });
        let what = self.plan.steps.get(index).map(|step| step.describe(&self.plan.dir)).unwrap_or_default();
        self.outcome.reason = Some(format!("{what}: {cause}"));
        self.put_back(events);
    }

    fn undo(&self, begun: &Begun) -> Result<(), ActError> {
        undo(&self.plan.steps[begun.step], self.plan, self.context, begun, self.vault.as_ref())
    }

    fn not_undone(&mut self, index: usize, error: &ActError, events: &mut dyn FnMut(Event)) {
        let cause = self.context.masked(&error.to_string());
        let _ = self.journal.add(&Line::NotUndone { step: index, cause: cause.clone() });
        self.outcome.by_hand.push(format!("undo \"{}\": {cause}", self.plan.steps[index].describe(&self.plan.dir)));
        events(Event::NotUndone(index, cause));
    }
}

/// Names for the tests where a run may be killed.
fn points(where_: &str, batch: &Range<usize>) {
    batch.clone().for_each(|index| faults::point(&format!("{where_} {index}")));
}

/// The steps from this one on that can be done side by side: each works on another component and waits for nothing that
/// the others do.
fn batch(steps: &[Step], from: usize) -> Range<usize> {
    let alike = |step: &Step| {
        matches!(
            (&steps[from], step),
            (Step::WriteSecret { alone: false, .. }, Step::WriteSecret { alone: false, .. })
                | (Step::Register { .. }, Step::Register { .. })
        )
    };
    from..from + steps[from..].iter().take_while(|step| alike(step)).count().max(1)
}
