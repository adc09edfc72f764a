//! Everything that is looked at for one registration.

use std::sync::Arc;

use super::codes::Code;
use super::files;
use super::finding::{Finding, Verdict};
use super::keystore::{Keystore, open_to_others};
use super::reach::{Traveller, walk};
use super::standing;
use super::subject::Subject;
use crate::estate::ComponentHome;
use crate::registration::state::State;
use crate::secret::Secret;

/// What this host knows of a registration, without asking anybody.
struct Here {
    keystore: Keystore,
    secret: Option<Secret>,
    /// Whether its process runs, where it has one and that can be told.
    runs: Option<bool>,
    found: Vec<Finding>,
}

/// What is known of the estate's own authority.
#[derive(Clone)]
pub enum Authority {
    /// It is on another host, or another product.
    Elsewhere,
    /// It is here, and runs as far as anybody can tell.
    Here(Arc<ComponentHome>),
    /// It is here and does not run, which is told already.
    Stopped,
}

/// Looks at everything of one registration.
pub async fn examine(subject: Arc<Subject>, authority: Authority) -> Vec<Finding> {
    let local = subject.clone();
    let Ok(here) = tokio::task::spawn_blocking(move || Here::of(&local)).await else {
        let port = subject.https();
        return vec![subject.at(Code::NoAnswer, Verdict::CannotTell, &port, "the files here could not be looked at")];
    };
    let Here { keystore, secret, runs, mut found } = here;
    let traveller = Traveller { subject: &subject, keystore: &keystore, secret: secret.as_ref() };
    found.extend(walk(&traveller).await);
    let explained = |found: &[Finding]| found.iter().any(|one| one.verdict > Verdict::Warning);
    let asked = match &authority {
        Authority::Here(authority) if subject.is_at_home() => Some(&**authority),
        _ => None,
    };
    found.extend(standing::judge(&subject, &keystore, asked, explained(&found)).await);
    if runs == Some(false) && keystore.material().is_some() && !explained(&found) {
        let place = subject.component.home();
        found.push(subject.about(Code::ProcessStopped, Verdict::Trouble, place, "it is registered, and does not run"));
    }
    if matches!(authority, Authority::Stopped) && subject.is_at_home() {
        // The port of an authority that is known to be stopped is no news.
        found.retain(|one| one.code != Code::PortClosed);
    } else if found.is_empty() {
        found.push(fine(&subject, &keystore));
    }
    found
}

impl Here {
    fn of(subject: &Subject) -> Self {
        let mut found = Vec::new();
        let secret = subject.written().and_then(|written| {
            let path = &subject.place.as_ref()?.file;
            let warning = written.warning();
            found.extend(warning.map(|why| subject.about(Code::OpenToOthers, Verdict::Warning, path, why)));
            match written.read() {
                Ok(secret) => Some(secret),
                Err(why) => {
                    found.push(subject.about(Code::PlaceUnreadable, Verdict::Trouble, path, why.detail));
                    None
                }
            }
        });
        let mut keystore = Keystore::of(subject);
        if let Keystore::Bad(finding) = &mut keystore {
            found.push(finding.clone());
        }
        found.extend(open_to_others(subject));
        found.extend(files::missing_csd(subject));
        found.extend(files::left_over(subject, &keystore));
        let runs = subject.component.asked().and_then(Result::ok);
        Self { keystore, secret, runs, found }
    }
}

fn fine(subject: &Subject, keystore: &Keystore) -> Finding {
    let detail = match keystore {
        Keystore::Whole(_, days) => format!("{}; its certificate is valid for {days} more days", State::Registered),
        _ => "nothing was found".to_owned(),
    };
    subject.at(Code::Fine, Verdict::Fine, &subject.https(), detail)
}
