//! The table that a kill matrix ends with.

use std::fmt;

use crate::bench::Side;

/// What came of the kills in one step.
#[derive(Debug, Default)]
struct Row {
    step: String,
    finished: usize,
    put_back: usize,
    half: Vec<String>,
}

/// Kills by step.
pub struct Table {
    verb: &'static str,
    rows: Vec<Row>,
}

impl Table {
    pub fn new(verb: &'static str) -> Self {
        Self { verb, rows: Vec::new() }
    }

    /// Adds one kill: where it was, and the side on which the estate is whole, or what is wrong with it.
    pub fn add(&mut self, step: &str, kill: &str, result: Result<Side, Vec<String>>) {
        if self.rows.last().is_none_or(|row| row.step != step) {
            self.rows.push(Row { step: step.to_owned(), ..Row::default() });
        }
        let Some(row) = self.rows.last_mut() else { return };
        match result {
            Ok(Side::New) => row.finished += 1,
            Ok(Side::Old) => row.put_back += 1,
            Err(faults) => row.half.push(format!("{kill}: {}", faults.join("; "))),
        }
    }

    /// Every estate that is neither old nor new.
    pub fn half_changed(&self) -> Vec<String> {
        self.rows.iter().flat_map(|row| row.half.iter().map(|half| format!("{}, {half}", row.step))).collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<10} {:<62} {:>5} {:>8} {:>8} {:>12}", "verb", "step", "kills", "new", "old", "half-changed")?;
        let kills = |row: &Row| row.finished + row.put_back + row.half.len();
        let mut line = |step: &str, [kills, finished, put_back, half]: [usize; 4]| {
            writeln!(f, "{:<10} {step:<62} {kills:>5} {finished:>8} {put_back:>8} {half:>12}", self.verb)
        };
        let mut all = [0; 4];
        for row in &self.rows {
            let counts = [kills(row), row.finished, row.put_back, row.half.len()];
            all = [0, 1, 2, 3].map(|at| all[at] + counts[at]);
            line(&row.step, counts)?;
        }
        line("all", all)
    }
}
