//! `clock`: the authority's clock and ours, by the Date of an answer.

use super::Finding;
use crate::registration::clock::{Matters, judge as matters, told};
use crate::registration::prove::{MAX_CLOCK_DIFFERENCE, clock_difference};
use crate::verify::target::Target;

pub(super) async fn ask(target: &Target) -> Finding {
    match clock_difference(&target.peer()).await {
        Ok(seconds) => judge(seconds),
        Err(error) => Finding::cannot_tell(error.to_string()),
    }
}

fn judge(seconds: i64) -> Finding {
    let told = told(seconds);
    match matters(seconds) {
        Matters::Not if seconds == 0 => Finding::ok("no difference"),
        Matters::Not => Finding::ok(told),
        Matters::Notable => Finding::ok(format!("warning: {told}: synchronise the clocks")),
        Matters::TooMuch => {
            Finding::failed(format!("{told}: synchronise the clocks, up to {MAX_CLOCK_DIFFERENCE} s is accepted"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::Verdict;

    #[test]
    fn a_minute_is_fine_five_are_warned_of_and_more_is_refused() {
        for (seconds, verdict, warned) in [
            (0, Verdict::Ok, false),
            (-60, Verdict::Ok, false),
            (61, Verdict::Ok, true),
            (-300, Verdict::Ok, true),
            (301, Verdict::Failed, false),
        ] {
            let finding = judge(seconds);
            assert_eq!(finding.verdict, verdict, "{seconds}");
            assert_eq!(finding.detail.starts_with("warning"), warned, "{seconds}");
        }
        assert!(judge(-2).detail.ends_with("2 s behind"));
    }
}
