//! The probes: one file a kind.

mod authority;
mod client_auth;
mod clock;
mod command;
mod document;
mod engine;
mod finding;
mod https;
mod keystore;
mod log;
mod login;
mod maps;
mod no_certificate;
mod ready;
mod tables;
mod wrong_secret;

pub(super) use document::clear_temporaries;
pub(super) use finding::Finding;
pub(crate) use keystore::days_left;

use std::time::Duration;

use super::target::Target;
use crate::estate::capture::GRACE;

const PENDING: &str = "registration pending";
const NOT_RUNNING: &str = "not running: countersign start";

/// What a probe asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Https,
    ClientAuth,
    NoCertificate,
    WrongSecret,
    Login,
    Clock,
    Keystore,
    Ready,
    Tables,
    Maps,
    Document,
    Command,
    Log,
}

/// Every kind, by its name in a profile.
const KINDS: [(&str, Kind); 13] = [
    ("https", Kind::Https),
    ("client-auth", Kind::ClientAuth),
    ("no-certificate", Kind::NoCertificate),
    ("wrong-secret", Kind::WrongSecret),
    ("login", Kind::Login),
    ("clock", Kind::Clock),
    ("keystore", Kind::Keystore),
    ("ready", Kind::Ready),
    ("tables", Kind::Tables),
    ("maps", Kind::Maps),
    ("document", Kind::Document),
    ("command", Kind::Command),
    ("log", Kind::Log),
];

/// Asks one probe. Its deadline is the caller's to keep: dropped at any point, a probe leaves nothing behind.
pub(super) async fn ask(kind: &str, target: &Target) -> Finding {
    let Some((_, kind)) = KINDS.iter().find(|(name, _)| *name == kind) else {
        return Finding::cannot_tell(format!("this version of countersign knows no probe of the kind {kind}"));
    };
    let (kind, to_ask) = (*kind, target.clone());
    // A product's command may tell whether it runs: others are not kept waiting for it.
    match tokio::task::spawn_blocking(move || beforehand(kind, &to_ask)).await {
        Ok(None) => {}
        Ok(Some(finding)) => return finding,
        Err(_) => return Finding::cannot_tell("whether it runs could not be asked"),
    }
    match kind {
        Kind::Https => https::ask(target).await,
        Kind::ClientAuth => client_auth::ask(target).await,
        Kind::NoCertificate => no_certificate::ask(target).await,
        Kind::WrongSecret => wrong_secret::ask(target).await,
        Kind::Login => login::ask(target).await,
        Kind::Clock => clock::ask(target).await,
        Kind::Keystore => keystore::ask(target),
        Kind::Ready => ready::ask(target).await,
        Kind::Tables => tables::ask(target).await,
        Kind::Maps => maps::ask(target).await,
        Kind::Document => document::ask(target).await,
        Kind::Command => command::ask(target).await,
        Kind::Log => log::ask(target).await,
    }
}

/// How long a probe is waited for. One of a command ends what it started by itself, which takes a moment more.
pub(super) fn patience(kind: &str, deadline: Duration) -> Duration {
    if kind == "command" { deadline + GRACE * 3 } else { deadline }
}

/// What is known without asking: nothing to ask, a registration that others must decide on, a process that is stopped.
fn beforehand(kind: Kind, target: &Target) -> Option<Finding> {
    let named = target.component();
    if !target.named.is_empty() && named.is_none() {
        return Some(Finding::not_asked(format!("{} is not part of this estate", target.named)));
    }
    // A document passes through every process of the product, whichever takes it in; and a product whose commands and
    // logs are asked may run as one process whatever its parts are.
    let concerned = match named {
        Some(component) if !matches!(kind, Kind::Document | Kind::Command | Kind::Log) => vec![component],
        _ => target.processes().collect(),
    };
    if concerned.iter().any(|component| target.waits(component)) {
        return Some(Finding::cannot_tell(PENDING));
    }
    if kind == Kind::Keystore {
        return None;
    }
    let (stopped, asked) =
        concerned.iter().find_map(|one| Some((one, one.asked().filter(|asked| *asked != Ok(true))?)))?;
    if let Err(reason) = asked {
        return Some(Finding::cannot_tell(format!("whether {} runs: {reason}", stopped.component.name)));
    }
    Some({
        let name = &stopped.component.name;
        let named = target.named == stopped.id() || target.named.is_empty();
        Finding::failed(if named { NOT_RUNNING.to_owned() } else { format!("{name} is {NOT_RUNNING}") })
    })
}

#[cfg(test)]
mod tests {
    use super::KINDS;

    #[test]
    fn every_kind_of_the_embedded_profiles_is_known() {
        for probe in crate::profile::known().iter().flat_map(|profile| &profile.probe) {
            assert!(KINDS.iter().any(|(name, _)| *name == probe.kind), "{} is not known", probe.kind);
        }
    }

    #[test]
    fn a_profile_may_name_every_kind() {
        for (name, _) in KINDS {
            assert!(crate::profile::words::PROBES.contains(&name), "{name}");
        }
    }
}
