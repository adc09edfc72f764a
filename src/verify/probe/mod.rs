//! The probes: one file a kind.

mod authority;
mod client_auth;
mod clock;
mod document;
mod engine;
mod finding;
mod https;
mod keystore;
mod login;
mod maps;
mod no_certificate;
mod ready;
mod tables;
mod wrong_secret;

pub(super) use document::clear_temporaries;
pub(super) use finding::Finding;

use super::target::Target;

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
}

/// Every kind, by its name in a profile.
const KINDS: [(&str, Kind); 11] = [
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
];

/// Asks one probe. Its deadline is the caller's to keep: dropped at any point, a probe leaves nothing behind.
pub(super) async fn ask(kind: &str, target: &Target) -> Finding {
    let Some((_, kind)) = KINDS.iter().find(|(name, _)| *name == kind) else {
        return Finding::cannot_tell(format!("this version of countersign knows no probe of the kind {kind}"));
    };
    if let Some(finding) = beforehand(*kind, target) {
        return finding;
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
    }
}

/// What is known without asking: nothing to ask, a registration that others must decide on, a process that is stopped.
fn beforehand(kind: Kind, target: &Target) -> Option<Finding> {
    let named = target.component();
    if !target.named.is_empty() && named.is_none() {
        return Some(Finding::not_asked(format!("{} is not part of this estate", target.named)));
    }
    // A document passes through every process of the product, whichever takes it in.
    let concerned = match named {
        Some(component) if kind != Kind::Document => vec![component],
        _ => target.processes().collect(),
    };
    if concerned.iter().any(|component| target.waits(component)) {
        return Some(Finding::cannot_tell(PENDING));
    }
    let stopped = concerned.iter().find(|component| component.runs() == Some(false))?;
    (kind != Kind::Keystore).then(|| {
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
