//! A change that was interrupted, as the Welcome page offers to settle it.

use super::Way as Course;
use crate::apply::journal::Unfinished;
use crate::plan::Plan;
use crate::ui::words::standing as word;

/// A change that did not come to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interrupted {
    /// Its id.
    pub id: String,
    /// What was to be done.
    pub plan: Plan,
    /// Steps that are done.
    pub done: Vec<usize>,
    /// Steps after the commit that are done.
    pub finished: Vec<usize>,
    /// Whether every step is done.
    pub committed: bool,
    /// The courses that are open to it; the first is proposed.
    pub courses: &'static [Course],
    /// What it is, since when, and where it stopped.
    pub text: String,
}

impl Interrupted {
    /// As the journal tells it.
    pub fn new(change: Unfinished) -> Self {
        let courses: &[Course] = match (change.can_go_forward(), change.can_go_back()) {
            (true, false) => &[Course::Resume],
            (true, true) => &[Course::Resume, Course::PutBack],
            (false, _) => &[Course::PutBack],
        };
        Self {
            text: text(&change),
            done: change.begun.iter().filter(|begun| begun.done).map(|begun| begun.step).collect(),
            finished: change.finished,
            committed: change.committed,
            courses,
            id: change.id,
            plan: change.plan,
        }
    }
}

fn text(change: &Unfinished) -> String {
    let (act, all) = (change.plan.act.as_str(), change.plan.steps.len());
    let time = local(&change.time);
    let step = change.begun.last().map(|begun| begun.step);
    match step.and_then(|at| Some((at, change.plan.steps.get(at)?))) {
        _ if change.committed => word::interrupted_after_commit(act, &time),
        Some((at, step)) => word::interrupted(act, &time, at + 1, all, &step.describe(&change.plan.dir)),
        None => word::interrupted_at_the_beginning(act, &time),
    }
}

/// A journal's time as the clock on the wall shows it.
pub(super) fn local(time: &str) -> String {
    let parsed = time.parse::<jiff::Timestamp>().map(|time| time.to_zoned(jiff::tz::TimeZone::system()));
    parsed.map_or_else(|_| time.to_owned(), |time| time.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::apply::journal::Begun;
    use crate::plan::Step;

    fn change(begun: &[(usize, bool)], committed: bool) -> Interrupted {
        let plan = Plan { act: "install".into(), steps: vec![Step::Verify; 3], ..Plan::default() };
        let begun = begun.iter().map(|(step, done)| Begun { step: *step, done: *done, before: vec![] }).collect();
        let time = "2026-01-01T00:00:00Z".into();
        let (sealed, finished) = (BTreeMap::new(), Vec::new());
        Interrupted::new(Unfinished { id: "x".into(), time, plan, sealed, begun, committed, finished })
    }

    #[test]
    fn the_courses_depend_on_how_far_it_came() {
        assert_eq!(change(&[(0, true), (1, false)], false).courses, [Course::Resume, Course::PutBack]);
        assert_eq!(change(&[(0, true), (2, false)], false).courses, [Course::PutBack]);
        assert_eq!(change(&[(0, true), (1, true), (2, true)], true).courses, [Course::Resume]);
    }

    #[test]
    fn it_says_where_it_stopped() {
        let told = change(&[(0, true), (1, false)], false);
        assert!(told.text.contains("install") && told.text.contains("step 2 of 3"), "{}", told.text);
        assert_eq!(told.done, [0]);
        assert!(change(&[], false).text.contains("beginning"));
    }
}
