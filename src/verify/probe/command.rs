//! `command`: a command of the profile says how it is.

use regex::Regex;

use super::Finding;
use crate::estate::capture::{Captured, End, capture};
use crate::estate::command::Input;
use crate::logfile::{compile, found, last_lines};
use crate::verify::target::Target;

pub(super) async fn ask(target: &Target) -> Finding {
    let (values, probe, deadline) = (target.values(), target.probe, target.deadline);
    let patterns = values.clone().in_patterns();
    let lists = (compile(&patterns.fill_all(&probe.aligned)), compile(&patterns.fill_all(&probe.differs)));
    let (aligned, differs) = match lists {
        (Ok(aligned), Ok(differs)) => (aligned, differs),
        (Err(error), _) | (_, Err(error)) => return Finding::cannot_tell(error.to_string()),
    };
    let argv = values.fill_all(&probe.command);
    let name = argv.first().cloned().unwrap_or_default();
    match tokio::task::spawn_blocking(move || capture(&argv, Input::Nothing, deadline)).await {
        Ok(Ok(captured)) => judge(&name, &captured, &aligned, &differs),
        Ok(Err(error)) => Finding::cannot_tell(format!("{name} cannot be started: {error}")),
        Err(_) => Finding::cannot_tell(format!("running {name} ended before its answer")),
    }
}

/// One pattern of *differs* is enough; then one of *aligned*; without any of these the exit code tells.
fn judge(name: &str, captured: &Captured, aligned: &[Regex], differs: &[Regex]) -> Finding {
    let bytes = captured.output.bytes();
    let text = String::from_utf8_lossy(&bytes);
    let says = |patterns: &[Regex]| found(patterns, &text).into_iter().flatten().next();
    let last = last_lines(&text, 1).pop().map_or_else(String::new, |line| format!("; its last line: {line}"));
    match captured.end {
        End::Late(deadline) => {
            let seconds = deadline.as_secs_f32();
            return Finding::cannot_tell(format!("{name} did not end within {seconds} s and was ended{last}"));
        }
        End::Signal(number) => return Finding::cannot_tell(format!("{name} was ended by signal {number}{last}")),
        End::Code(_) => {}
    }
    if let Some(line) = says(differs) {
        return Finding::failed(format!("{name} says: {line}"));
    }
    if let Some(line) = says(aligned) {
        return Finding::ok(format!("{name} says: {line}"));
    }
    match captured.end {
        _ if !aligned.is_empty() => Finding::cannot_tell(format!("{name} says nothing of it{last}")),
        End::Code(0) => Finding::ok(format!("{name} ended well{last}")),
        End::Code(code) => Finding::failed(format!("{name} ended with exit code {code}{last}")),
        End::Signal(_) | End::Late(_) => Finding::cannot_tell(format!("{name} did not end by itself{last}")),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::verify::Verdict;

    fn asked(script: &str, aligned: &str, differs: &str) -> Finding {
        let argv = ["sh", "-c", script].map(str::to_owned);
        let captured = capture(&argv, Input::Nothing, Duration::from_secs(1)).expect("started");
        let patterns = |text: &str| {
            let texts: Vec<String> = Some(text.to_owned()).filter(|text| !text.is_empty()).into_iter().collect();
            compile(&texts).expect("patterns")
        };
        judge("ask", &captured, &patterns(aligned), &patterns(differs))
    }

    #[test]
    fn without_patterns_the_exit_code_tells() {
        assert_eq!(asked("echo fine", "", ""), Finding::ok("ask ended well; its last line: fine"));
        assert_eq!(asked("exit 3", "", "").verdict, Verdict::Failed);
        assert_eq!(asked("echo bad", "", "bad"), Finding::failed("ask says: bad"));
    }

    #[test]
    fn with_patterns_the_words_tell_and_the_bad_ones_count_more() {
        assert_eq!(asked("echo system logged in; exit 1", "logged in", "").verdict, Verdict::Ok);
        assert_eq!(asked("echo logged in; echo denied", "logged in", "denied").verdict, Verdict::Failed);
        let nothing = asked("echo something", "logged in", "denied");
        assert_eq!(nothing, Finding::cannot_tell("ask says nothing of it; its last line: something"));
    }

    #[test]
    fn one_that_does_not_end_by_itself_tells_nothing() {
        assert_eq!(asked("echo logged in; kill -9 $$", "logged in", "").verdict, Verdict::CannotTell);
        let late = asked("trap '' TERM; echo on; while :; do sleep 1; done", "", "");
        assert_eq!(late, Finding::cannot_tell("ask did not end within 1 s and was ended; its last line: on"));
    }
}
