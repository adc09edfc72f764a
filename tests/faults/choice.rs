//! At which points of a run it is killed.

use crate::trace::Event;

/// A part of a run: what comes before the first step, a step, the commit, what follows it.
#[derive(Debug, PartialEq, Eq)]
pub struct Stage {
    /// As the points name it: `step 3`, `commit`, `finish 0`.
    pub name: String,
    /// Its points, by number and label.
    pub points: Vec<(usize, String)>,
}

/// The parts of a run, in order. A point behind a step on the disk is the same as the one before the next: left out.
pub fn stages(events: &[Event]) -> Vec<Stage> {
    let mut stages = vec![Stage { name: "begin".to_owned(), points: Vec::new() }];
    for event in events {
        let Event::Point { point, label } = event else { continue };
        let begins = match label.split_once(' ') {
            Some(("before", index)) => Some(format!("step {index}")),
            Some(("finish", _)) => Some(label.clone()),
            None if label == "commit" || label == "end" => Some(label.clone()),
            _ => None,
        };
        if let Some(name) = begins {
            stages.push(Stage { name, points: Vec::new() });
        }
        if !label.ends_with(" done") {
            stages.last_mut().expect("at least one").points.push((*point, label.clone()));
        }
    }
    stages.retain(|stage| !stage.points.is_empty());
    stages
}

impl Stage {
    /// The first point, the last one, and up to `inside` spread evenly between them.
    pub fn spread(&self, inside: usize) -> Vec<(usize, String)> {
        let last = self.points.len() - 1;
        let parts = (inside + 1).min(last.max(1));
        let mut at: Vec<usize> = (0..=parts).map(|part| part * last / parts).collect();
        at.dedup();
        at.into_iter().map(|at| self.points[at].clone()).collect()
    }
}

#[test]
fn every_stage_gives_its_first_and_last_point_and_some_between() {
    let event = |(number, label): (usize, &str)| Event::Point { point: number + 1, label: label.to_owned() };
    let labels = ["fs write", "fs write done", "before 0", "inside 0", "a", "b", "c", "after 0", "commit", "finish 0"];
    let events: Vec<Event> = labels.into_iter().enumerate().map(event).collect();
    let stages = stages(&events);
    assert_eq!(
        stages.iter().map(|stage| stage.name.as_str()).collect::<Vec<_>>(),
        ["begin", "step 0", "commit", "finish 0"]
    );
    let chosen = |inside| stages[1].spread(inside).into_iter().map(|(number, _)| number).collect::<Vec<_>>();
    assert_eq!(chosen(0), [3, 8]);
    assert_eq!(chosen(1), [3, 5, 8]);
    assert_eq!(chosen(9), [3, 4, 5, 6, 7, 8]);
    assert_eq!(stages[0].spread(3), [(1, "fs write".to_owned())]);
}
