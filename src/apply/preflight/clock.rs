//! The authority's clock and ours: a component is refused beyond a difference, so nothing is begun then.

use std::path::Path;
use std::time::Duration;

use super::Problem;
use crate::alignment::asking;
use crate::estate::Estate;
use crate::estate::home::components;
use crate::plan::{Plan, Step};
use crate::registration::clock::{Matters, judge as matters, told};
use crate::registration::prove::{ProofError, clock_difference};

/// How long the authority may take to answer.
const DEADLINE: Duration = Duration::from_secs(5);

/// What the comparison comes to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Clock {
    pub problem: Option<Problem>,
    pub warning: Option<String>,
}

/// Compares where the plan lets a component prove or register, and the estate stands already.
pub(super) fn ask(plan: &Plan) -> Clock {
    let proves = |step: &Step| matches!(step, Step::WriteSecret { .. } | Step::Register { .. });
    match Estate::read(&plan.dir) {
        Ok(Some(estate)) if estate.authority.takes_proofs() && plan.steps.iter().any(proves) => {
            difference(&plan.dir, &estate).map_or_else(|error| unknown(&error), judge)
        }
        _ => Clock::default(),
    }
}

fn difference(dir: &Path, estate: &Estate) -> Result<i64, ProofError> {
    let components = components(dir, &estate.components);
    let site = components.iter().flat_map(|component| component.sites(&estate.authority)).next();
    let site = site.ok_or_else(|| ProofError::Unavailable("no component of this estate knows it".to_owned()))?;
    let late = || ProofError::Unavailable(asking::late(DEADLINE));
    let asked = async {
        let asked = tokio::time::timeout(DEADLINE, async { clock_difference(&site.peer(None)).await });
        asked.await.unwrap_or_else(|_| Err(late()))
    };
    asking::block_on(asked).unwrap_or_else(|_| Err(late()))
}

fn judge(seconds: i64) -> Clock {
    let told = format!("{}: synchronise the clocks", told(seconds));
    match matters(seconds) {
        Matters::TooMuch => Clock { problem: Some(Problem::new("clock", told)), warning: None },
        Matters::Notable => Clock { problem: None, warning: Some(told) },
        Matters::Not => Clock::default(),
    }
}

/// Whether it can be reached at all is for the steps that need it.
fn unknown(error: &ProofError) -> Clock {
    Clock { problem: None, warning: Some(format!("the authority's clock is not known: {error}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_fine_five_are_warned_of_and_more_is_refused() {
        for (seconds, refused, warned) in
            [(0, false, false), (-60, false, false), (61, false, true), (-300, false, true), (301, true, false)]
        {
            let clock = judge(seconds);
            assert_eq!((clock.problem.is_some(), clock.warning.is_some()), (refused, warned), "{seconds}");
        }
    }

    #[test]
    fn nothing_is_asked_where_no_estate_stands() {
        let dir = tempfile::tempdir().expect("a folder");
        let spots =
            Step::WriteSecret { name: "X".into(), spots: vec![], online: vec![], takes_over: vec![], alone: false };
        let plan = Plan { dir: dir.path().into(), steps: vec![spots], ..Plan::default() };
        assert_eq!(ask(&plan), Clock::default());
    }
}
