//! The journal of a change for people: what was to be done, and how far each step came.

use super::wrap::plain;
use crate::apply::journal::{Before, Line};
use crate::plan::Plan;

/// What stands for a sealed value: who reads a journal has no use for its bytes.
const SEALED: &str = "sealed";
/// What stands before a step that was never begun.
const WAITING: &str = "-";

/// A line whose sealed values are named and not shown.
pub fn without_sealed(line: Line) -> Line {
    match line {
        Line::Begin { time, plan, sealed } => {
            let sealed = sealed.into_keys().map(|name| (name, SEALED.to_owned())).collect();
            Line::Begin { time, plan, sealed }
        }
        Line::Start { step, before } => {
            let sealed = |before| Before { sealed: SEALED.to_owned(), ..before };
            Line::Start { step, before: before.into_iter().map(sealed).collect() }
        }
        other => other,
    }
}

/// The change, each of its steps with its state, the commit, and the end.
pub fn text(lines: &[Line]) -> String {
    let Some((Line::Begin { time, plan, sealed }, rest)) = lines.split_first() else {
        return "No change was made here yet.\n".to_owned();
    };
    let mut change = Change::new(plan);
    for line in rest {
        change.take(line);
    }
    let mut text = format!("{} of {}, begun {time}: {}\n", plan.act, plan.dir.display(), plan.counts());
    for name in sealed.keys() {
        text.push_str(&row(SEALED, name));
    }
    for (step, state) in plan.steps.iter().zip(&change.steps) {
        text.push_str(&row_of(state, &step.describe(&plan.dir)));
    }
    if !plan.finish.is_empty() {
        text.push_str(if change.committed {
            "commit: nothing is put back from here on\n"
        } else {
            "commit: not reached\n"
        });
    }
    for (step, state) in plan.finish.iter().zip(&change.finish) {
        text.push_str(&row_of(state, &step.describe(&plan.dir)));
    }
    text.push_str(&format!("end: {}\n", change.end.unwrap_or("it was interrupted")));
    plain_lines(&text)
}

/// How far a step came: a word, and why where it failed.
#[derive(Clone, Copy)]
struct State<'a>(&'static str, Option<&'a str>);

struct Change<'a> {
    steps: Vec<State<'a>>,
    finish: Vec<State<'a>>,
    committed: bool,
    end: Option<&'a str>,
}

impl<'a> Change<'a> {
    fn new(plan: &Plan) -> Self {
        let waiting = |count: usize| vec![State(WAITING, None); count];
        Self { steps: waiting(plan.steps.len()), finish: waiting(plan.finish.len()), committed: false, end: None }
    }

    fn take(&mut self, line: &'a Line) {
        match line {
            Line::Begin { .. } => {}
            Line::Start { step, .. } => set(&mut self.steps, *step, State("begun", None)),
            Line::Done { step } => set(&mut self.steps, *step, State("done", None)),
            Line::Failed { step, cause } => set(&mut self.steps, *step, State("FAILED", Some(cause))),
            // Why it failed stays the thing to know of it.
            Line::Undone { step } => {
                let why = self.steps.get(*step).and_then(|state| state.1);
                set(&mut self.steps, *step, State("undone", why));
            }
            Line::NotUndone { step, cause } => set(&mut self.steps, *step, State("NOT UNDONE", Some(cause))),
            Line::Commit => self.committed = true,
            Line::Finished { step } => set(&mut self.finish, *step, State("done", None)),
            Line::End { result } => self.end = Some(result),
        }
    }
}

fn set<'a>(states: &mut [State<'a>], step: usize, state: State<'a>) {
    if let Some(known) = states.get_mut(step) {
        *known = state;
    }
}

fn row_of(State(word, why): &State<'_>, what: &str) -> String {
    let row = row(word, what);
    why.map_or(row.clone(), |why| format!("{row}              {why}\n"))
}

fn row(word: &str, what: &str) -> String {
    format!("  {word:<10}  {what}\n")
}

fn plain_lines(text: &str) -> String {
    text.lines().map(|line| plain(line.to_owned()) + "\n").collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::plan::Step;

    fn begin() -> Line {
        let file = |name: &str| Step::CreateFile { path: format!("/e/{name}").into(), content: String::new() };
        let plan = Plan {
            act: "rotate".into(),
            dir: "/e".into(),
            steps: vec![file("a"), file("b"), file("c")],
            finish: vec![Step::RemoveFolder { path: "/e/old".into() }],
            ..Plan::default()
        };
        let sealed = BTreeMap::from([("secret".to_owned(), "bm90IHRvIGJlIHNlZW4".to_owned())]);
        Line::Begin { time: "2026-11-21T23:11:28Z".into(), plan, sealed }
    }

    fn told(lines: Vec<Line>) -> Vec<String> {
        let lines: Vec<Line> = std::iter::once(begin()).chain(lines).map(without_sealed).collect();
        let text = text(&lines);
        assert!(!text.contains("bm90") && !serde_json::to_string(&lines).expect("json").contains("bm90"));
        text.lines().skip(1).map(str::to_owned).collect()
    }

    #[test]
    fn every_step_is_told_with_its_state() {
        let start = |step| Line::Start { step, before: Vec::new() };
        let failed = Line::Failed { step: 1, cause: "the disk is full".into() };
        let lines = vec![start(0), Line::Done { step: 0 }, start(1), failed, Line::Undone { step: 1 }];
        let [a, b, c, old] = match begin() {
            Line::Begin { plan, .. } => [
                plan.steps[0].describe(&plan.dir),
                plan.steps[1].describe(&plan.dir),
                plan.steps[2].describe(&plan.dir),
                plan.finish[0].describe(&plan.dir),
            ],
            _ => unreachable!("it begins"),
        };
        assert_eq!(
            told(lines),
            [
                "  sealed      secret".to_owned(),
                format!("  done        {a}"),
                format!("  undone      {b}"),
                "              the disk is full".to_owned(),
                format!("  -           {c}"),
                "commit: not reached".to_owned(),
                format!("  -           {old}"),
                "end: it was interrupted".to_owned(),
            ]
        );
    }

    #[test]
    fn the_commit_and_what_follows_it_are_told() {
        let lines = vec![Line::Commit, Line::Finished { step: 0 }, Line::End { result: "done".into() }];
        let told = told(lines);
        assert_eq!(told[4], "commit: nothing is put back from here on");
        assert!(told[5].starts_with("  done        "));
        assert_eq!(told[6], "end: done");
        assert_eq!(text(&[]), "No change was made here yet.\n");
    }
}
