//! Whether the vendor's installer did its work: by what it says, since no public document says what its exit code means.

use regex::Regex;

use super::run::Ran;
use crate::estate::capture::End;
use crate::logfile::{Added, found, last_lines};
use crate::secret::Redactor;

/// Lines that are shown when it is not clear.
const LAST: usize = 12;

/// What an installer's run came to. The texts are for people, without the secret; what is not clear counts as failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It says in every way that it must that it succeeded, and nowhere that it failed.
    Succeeded,
    /// It failed, and how that is known.
    Failed(String),
    /// Nobody can tell: what is missing, and its last lines as they stand there.
    Unclear(String),
}

impl Verdict {
    /// What to tell people unless it succeeded.
    pub fn trouble(&self) -> Option<&str> {
        match self {
            Self::Succeeded => None,
            Self::Failed(text) | Self::Unclear(text) => Some(text),
        }
    }
}

/// Judges a run by what it wrote and by what was added to its log meanwhile. One pattern of failure is enough, whatever
/// else was said; each pattern of success must be found, in either.
pub fn judge(ran: &Ran, log: &Added, success: &[Regex], failure: &[Regex], hide: &Redactor) -> Verdict {
    let run = Run { ran, log, hide };
    if let End::Late(deadline) = ran.end {
        let late = format!("it did not end within {} s and was ended", deadline.as_secs_f32());
        return Verdict::Failed(run.with_last_lines(&late));
    }
    if let Some(line) = run.says(failure) {
        return Verdict::Failed(format!("it says that it failed: {line}"));
    }
    let missing: Vec<&Regex> = run.missing(success);
    let how = match ran.end {
        End::Code(code) => format!("it ended with exit code {code}"),
        End::Signal(number) => format!("signal {number} ended it"),
        End::Late(_) => String::new(),
    };
    let lost = ran.lost + log.lost;
    if success.is_empty() {
        Verdict::Unclear(run.with_last_lines("its profile does not say how it tells that it succeeded"))
    } else if missing.is_empty() && matches!(ran.end, End::Signal(_)) {
        Verdict::Unclear(run.with_last_lines(&format!("it said that it succeeded, but {how}")))
    } else if missing.is_empty() && lost > 0 {
        let text = format!("it said that it succeeded, but wrote so much that {lost} bytes of it were not looked at");
        Verdict::Unclear(run.with_last_lines(&text))
    } else if missing.is_empty() {
        Verdict::Succeeded
    } else if missing.len() == success.len() && ran.end != End::Code(0) {
        Verdict::Failed(run.with_last_lines(&format!("{how} and did not say that it succeeded")))
    } else {
        let patterns: Vec<String> = missing.iter().map(|pattern| format!("`{pattern}`")).collect();
        let text = format!("{how}, but nowhere does it say {}", patterns.join(" or "));
        Verdict::Unclear(run.with_last_lines(&text))
    }
}

struct Run<'a> {
    ran: &'a Ran,
    log: &'a Added,
    hide: &'a Redactor,
}

impl Run<'_> {
    /// The line by which one of these patterns is found, without the secret.
    fn says(&self, patterns: &[Regex]) -> Option<String> {
        [&self.ran.output, &self.log.text].into_iter().find_map(|text| {
            found(patterns, text).into_iter().any(|line| line.is_some()).then(|| {
                // What is shown is looked for where the secret is hidden already: a line that was cut may hold half of it.
                let shown = found(patterns, &self.hide.hide(text)).into_iter().flatten().next();
                shown.unwrap_or_else(|| "a line that holds the secret".to_owned())
            })
        })
    }

    fn missing<'p>(&self, patterns: &'p [Regex]) -> Vec<&'p Regex> {
        let (printed, logged) = (found(patterns, &self.ran.output), found(patterns, &self.log.text));
        let said = printed.into_iter().zip(logged).map(|(printed, logged)| printed.or(logged).is_some());
        patterns.iter().zip(said).filter(|(_, said)| !said).map(|(pattern, _)| pattern).collect()
    }

    fn with_last_lines(&self, text: &str) -> String {
        let part = |name: &str, text: &str| {
            let lines = last_lines(&self.hide.hide(text), LAST);
            let lines: String = lines.iter().map(|line| format!("\n  {line}")).collect();
            if lines.is_empty() { String::new() } else { format!("\n{name}{lines}") }
        };
        let (output, log) =
            (part("the last that it printed:", &self.ran.output), part("the last in its log:", &self.log.text));
        format!("{text}{output}{log}")
    }
}
