//! The doctor: finds what keeps components from registering or from being believed, and says what to do about it.
//!
//! It only reads. Secrets are proved with the purpose `check`, which changes nothing of what the authority knows.

mod answer;
mod client_auth;
mod clock;
pub mod codes;
mod examine;
mod files;
mod finding;
mod keystore;
mod logged;
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
use examine::Authority;
use subject::Subject;

/// How long everything may take that is looked at beside each other.
const DEADLINE: Duration = Duration::from_secs(13);

/// Looks at an estate, or at one component or repository of it; `None` when there is none of that name. Must not be
/// called within tokio.
///
/// # Errors
/// Nothing could be begun.
pub fn doctor(dir: &Path, estate: &Estate, only: Option<&str>) -> io::Result<Option<Report>> {
    let mut components = components(dir, &estate.components);
    let subjects = Subject::all(dir, estate, only);
    if only.is_some_and(|name| subjects.is_empty() && components.iter().all(|one| one.id() != name)) {
        return Ok(None);
    }
    let authority = components.iter().find(|one| one.is_authority()).cloned();
    let mut findings = subject::unreadable(dir, estate, only);
    // Products that register by themselves say in a log of their own how that went.
    components.retain(|one| only.is_none_or(|name| name == one.id()));
    findings.extend(components.iter().flat_map(vendor::of_component));
    findings.extend(components.iter().filter_map(logged::of_component));
    let stopped = authority.as_ref().filter(|one| one.runs() == Some(false));
    findings.extend(stopped.map(|one| stands_still(dir, estate, one)));
    let known = match (&authority, stopped) {
        (_, Some(_)) => Authority::Stopped,
        (Some(one), None) => Authority::Here(Arc::new(one.clone())),
        (None, _) => Authority::Elsewhere,
    };
    findings.extend(asking::block_on(all(subjects, &known))?);
    if findings.is_empty() && only.is_none() {
        findings.extend(authority.map(|one| runs_well(estate, &one)));
    }
    Ok(Some(Report::new(findings)))
}

async fn all(subjects: Vec<Subject>, authority: &Authority) -> Vec<Finding> {
    let until = Instant::now() + DEADLINE;
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
