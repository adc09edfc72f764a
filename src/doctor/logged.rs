//! Components whose product drives its own registration, by what the log says that their profile names.

use super::codes::Code;
use super::finding::{Finding, Verdict};
use super::standing::code;
use crate::alignment::watched::{pending, said};
use crate::estate::ComponentHome;
use crate::logfile::Said;
use crate::registration::state::State;

/// What the last word on a component's registration means; `None` where no log tells, or its folder tells more.
pub fn of_component(component: &ComponentHome) -> Option<Finding> {
    let watching = component.watching().filter(|_| component.component.conf.is_none())?;
    let place = watching.log.strip_prefix(component.home()).unwrap_or(&watching.log).display().to_string();
    let (code, verdict, detail) = judged(said(component)?);
    Some(Finding::of_vendor(code, verdict, component.id(), &place, detail))
}

fn judged(said: Result<Option<Said>, String>) -> (Code, Verdict, String) {
    let quoted = |line: &str| format!("its log says: {line}");
    match said {
        Err(reason) => (Code::NoAnswer, Verdict::CannotTell, reason),
        Ok(None | Some(Said::Silent(_))) => {
            (Code::NotRegistered, Verdict::CannotTell, "its log says nothing of a registration".to_owned())
        }
        Ok(Some(Said::Aligned(line))) => (Code::Fine, Verdict::Fine, quoted(&line)),
        // A line that names no state is there because the secret was not accepted: that is what the profile watches for.
        Ok(Some(Said::Differs(line))) => {
            let named = State::named_in(&line).and_then(|state| code(&state));
            (named.unwrap_or(Code::WrongSecret), Verdict::Trouble, quoted(&line))
        }
        Ok(Some(Said::Pending(line))) => {
            (code(&pending(&line)).unwrap_or(Code::WaitingValidation), Verdict::Trouble, quoted(&line))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_that_a_line_names_counts_and_without_one_what_the_profile_watches_for() {
        for (said, expected, verdict) in [
            (Said::Aligned("registered".into()), Code::Fine, Verdict::Fine),
            (Said::Differs("authorization refused".into()), Code::WrongSecret, Verdict::Trouble),
            (Said::Differs("stopped [Status:Validation Refused]".into()), Code::Refused, Verdict::Trouble),
            (Said::Differs("stopped [Status:Failed]".into()), Code::Failed, Verdict::Trouble),
            (Said::Pending("in progress".into()), Code::WaitingValidation, Verdict::Trouble),
            (Said::Pending("in progress [Status:Waiting Signing]".into()), Code::WaitingSigning, Verdict::Trouble),
        ] {
            let found = judged(Ok(Some(said)));
            assert_eq!((found.0, found.1), (expected, verdict), "{}", found.2);
        }
        assert_eq!(judged(Ok(None)).0, Code::NotRegistered);
        let unreadable = judged(Err("its log IE.log cannot be read".into()));
        assert_eq!((unreadable.0, unreadable.1), (Code::NoAnswer, Verdict::CannotTell));
    }
}
