//! At which points of a run it is killed.

use crate::trace::Event;

/// A part of a run: what comes before the first step, a step, the commit, what follows it.
#[derive(Debug, PartialEq, Eq)]
pub struct Stage {
    /// As the points name it: `step 3`, `commit`, `finish 0`.
    pub name: String,
    /// Its points.
    pub points: Vec<At>,
}

/// A point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// As the program is told of it. From run to run the number of points differs by what other processes do, so it is
    /// counted from where its part of the run begins.
    pub point: String,
    /// What is done there.
    pub label: String,
}

/// The parts of a run, in order. A point behind a step on the disk is the same as the one before the next: left out.
pub fn stages(events: &[Event]) -> Vec<Stage> {
    let mut stages = vec![Stage { name: "begin".to_owned(), points: Vec::new() }];
    let mut first: Option<(&str, usize)> = None;
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
            first = Some((label, *point));
        }
        if !label.ends_with(" done") {
            let point = match first {
                Some(_) if label.starts_with("after ") => label.clone(),
                Some((first, number)) => format!("{first}+{}", point - number),
                None => point.to_string(),
            };
            stages.last_mut().expect("at least one").points.push(At { point, label: label.clone() });
        }
    }
    stages.retain(|stage| !stage.points.is_empty());
    stages
}

impl Stage {
    /// The first point, the last one, and up to `inside` spread evenly between them.
    pub fn spread(&self, inside: usize) -> Vec<At> {
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
    let chosen = |inside| stages[1].spread(inside).into_iter().map(|at| at.point).collect::<Vec<_>>();
    assert_eq!(chosen(0), ["before 0+0", "after 0"]);
    assert_eq!(chosen(1), ["before 0+0", "before 0+2", "after 0"]);
    assert_eq!(chosen(9), ["before 0+0", "before 0+1", "before 0+2", "before 0+3", "before 0+4", "after 0"]);
    assert_eq!(stages[0].spread(3), [At { point: "1".to_owned(), label: "fs write".to_owned() }]);
}
