//! The authority's clock and ours.

use std::time::Duration;

use super::codes::Code;
use super::finding::Verdict;
use crate::alignment::asking::block_on;
use crate::registration::clock::{Matters, judge as matters, told};
use crate::registration::prove::clock_difference;
use crate::registration::site::Site;

/// How long the authority may take to tell its clock before a registration.
const DEADLINE: Duration = Duration::from_secs(5);

/// A difference that is worth telling: positive when the authority is ahead, in seconds.
pub fn judge(difference: i64) -> Option<(Code, Verdict, String)> {
    let code = if difference < 0 { Code::ClockBehind } else { Code::ClockAhead };
    let verdict = match matters(difference) {
        Matters::Not => return None,
        Matters::Notable => Verdict::Warning,
        Matters::TooMuch => Verdict::Trouble,
    };
    Some((code, verdict, told(difference)))
}

/// What people are told before a registration that goes on all the same. Must not be called within tokio.
pub fn warning(site: &Site) -> Option<String> {
    let asked = async { tokio::time::timeout(DEADLINE, clock_difference(&site.peer(None))).await };
    let difference = block_on(asked).ok()?.ok()?.ok()?;
    let is_notable = matters(difference) == Matters::Notable;
    is_notable.then(|| format!("warning: {}: synchronise the clocks", told(difference)))
}
