//! The doctor: finds what keeps components from registering or from being believed, and says what to do about it.
//!
//! It only reads. Secrets are proved with the purpose `check`, which changes nothing of what the authority knows.

mod answer;
mod client_auth;
mod clock;
pub mod codes;
mod examine;
mod expected;
mod files;
mod finding;
mod keystore;
mod look;
mod reach;
mod reference;
mod standing;
mod subject;
mod vendor;

pub use clock::warning as clock_warning;
pub use finding::{Finding, Report, Verdict};
pub use reference::{explained, reference};
pub use vendor::vendor;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::alignment::asking;
use crate::estate::home::components;
use crate::estate::{ComponentHome, Estate};
use crate::profile::Values;
use codes::Code;
use subject::Subject;

/// How long everything may take that is looked at beside each other.
const DEADLINE: Duration = Duration::from_secs(13);

/// Looks at an estate, or at one component or repository of it; `None` when there is none of that name. Must not be
/// called within tokio.
///
/// # Errors
/// Nothing could be begun.
pub fn doctor(dir: &Path, estate: &Estate, only: Option<&str>) -> io::Result<Option<Report>> {
    let authority = components(dir, &estate.components).into_iter().find(ComponentHome::is_authority);
    let subjects = Subject::all(dir, estate, only);
    let is_authority = authority.as_ref().is_some_and(|one| only.is_none_or(|name| name == one.id()));
    if subjects.is_empty() && !is_authority && only.is_some() {
        return Ok(None);
    }
    let mut findings = Vec::new();
    findings.extend(subject::unreadable(dir, estate, only));
    let stopped = authority.as_ref().filter(|one| one.runs() == Some(false));
    findings.extend(stopped.map(|one| stands_still(dir, estate, one)));
    let found = asking::block_on(all(subjects, authority.clone()))?;
    // Behind an authority that is known to be stopped, a closed port is no news.
    let at_home = [estate.authority.https_port, estate.authority.client_auth_port]
        .map(|port| format!("{}:{port}", estate.authority.host));
    let is_news = |one: &Finding| stopped.is_none() || one.code != Code::PortClosed || !at_home.contains(&one.place);
    findings.extend(found.into_iter().filter(is_news));
    if findings.is_empty() {
        findings.extend(authority.map(|one| runs_well(estate, &one)));
    }
    Ok(Some(Report::new(findings)))
}

async fn all(subjects: Vec<Subject>, authority: Option<ComponentHome>) -> Vec<Finding> {
    let until = Instant::now() + DEADLINE;
    let authority = authority.map(Arc::new);
    let begin = |subject: Subject| {
        let subject = Arc::new(subject);
        (subject.clone(), tokio::spawn(examine::examine(subject, authority.clone())))
    };
    let tasks: Vec<_> = subjects.into_iter().map(begin).collect();
    let mut found = Vec::new();
    for (subject, task) in tasks {
        let findings = match timeout_at(until, task).await {
            Ok(Ok(findings)) => findings,
            Ok(Err(_)) | Err(_) => vec![late(&subject)],
        };
        found.extend(findings);
    }
    found
}

fn late(subject: &Subject) -> Finding {
    subject.at(Code::NoAnswer, Verdict::CannotTell, &subject.https(), asking::late(DEADLINE))
}

fn stands_still(dir: &Path, estate: &Estate, authority: &ComponentHome) -> Finding {
    let place = authority.home().strip_prefix(dir).unwrap_or(authority.home()).display().to_string();
    let values = values(estate);
    Finding::new(Code::AuthorityStopped, Verdict::Trouble, authority.id(), place, "its process does not run", &values)
}

fn runs_well(estate: &Estate, authority: &ComponentHome) -> Finding {
    let address = format!("{}:{}", estate.authority.host, estate.authority.https_port);
    let detail = "it runs; no component of this estate registers with it";
    Finding::new(Code::Fine, Verdict::Fine, authority.id(), address, detail, &values(estate))
}

fn values(estate: &Estate) -> Values {
    let port = estate.authority.https_port.to_string();
    Values::default().with("host", estate.authority.host.as_str()).with("port", port)
}
