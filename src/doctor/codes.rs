//! What the doctor can find: every code with its title, its meaning and its remedy. The reference page and
//! `doctor --list` are made from this table alone.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// Where the reference page stands.
pub const PAGE: &str = "docs/reference/doctor.md";

/// A kind of finding. Its number never changes and is never given to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Code {
    /// Nothing to complain about.
    Fine = 0,
    /// The authority's clock is ahead of ours.
    ClockAhead = 1,
    /// The authority's clock is behind ours.
    ClockBehind = 2,
    /// The request is not validated yet.
    WaitingValidation = 3,
    /// The request is not signed yet.
    WaitingSigning = 4,
    /// The request was refused.
    Refused = 5,
    /// The registration failed.
    Failed = 6,
    /// The authority does not believe the keystore's certificate.
    UntrustedKeystore = 7,
    /// Files of a registration that is over.
    LeftoverTemporaries = 8,
    /// The deployed CSD is not there.
    MissingCsd = 9,
    /// The authority knows no component with these four values.
    IdentityMismatch = 10,
    /// Something else answers on the port.
    WrongPort = 11,
    /// The server does not show the certificate that is expected.
    WrongCertificate = 12,
    /// The authority does not accept the secret.
    WrongSecret = 13,
    /// Nobody listens on the port.
    PortClosed = 14,
    /// The host's name leads nowhere.
    NameNotResolved = 15,
    /// The server speaks too old a TLS.
    TlsVersion = 16,
    /// The keystore cannot be opened.
    KeystoreUnreadable = 17,
    /// No secret can be read from its place.
    PlaceUnreadable = 18,
    /// The authority has no secret yet.
    AuthorityNotReady = 19,
    /// The authority of this estate does not run.
    AuthorityStopped = 20,
    /// A registered component does not run.
    ProcessStopped = 21,
    /// No registration was begun.
    NotRegistered = 22,
    /// A registration was begun, and its answer never came.
    Interrupted = 23,
    /// A file with a secret is open to others.
    OpenToOthers = 24,
    /// Something gave no answer that could be understood, or none in time.
    NoAnswer = 25,
}

/// What is told of a code.
pub struct Entry {
    /// Which.
    pub code: Code,
    /// The end of its name.
    slug: &'static str,
    /// In a few words.
    pub title: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What to do; `{register}` (the verb that registers), `{host}`, `{port}` and `{file}` stand for those of the finding.
    pub remedy: &'static str,
    /// What to do at the vendor's products, where that is something else.
    pub at_the_vendors: Option<&'static str>,
}

/// All of them, by number.
pub const TABLE: [Entry; 26] = [
    Entry {
        code: Code::Fine,
        slug: "fine",
        title: "nothing found",
        meaning: "Name, ports, TLS, clocks, certificates, secret, identity, keystore and process were looked at, as far \
                  as they apply, and all is as it must be.",
        remedy: "Nothing.",
        at_the_vendors: None,
    },
    Entry {
        code: Code::ClockAhead,
        slug: "clock-ahead",
        title: "the authority's clock is ahead",
        meaning: "The authority dates certificates by its own clock, so a component behind it gets one that is not valid \
                  yet. Up to 60 s is fine, up to 300 s a warning; beyond, nothing is submitted at all.",
        remedy: "Synchronise the clocks of this host and of {host} (`timedatectl set-ntp true` on both), then run \
                 `countersign {register}`.",
        at_the_vendors: Some(
            "Synchronise the clocks of the gateway's host and of PassPort's, move the keystore's files out of the folder while \
             the instance is stopped, and start it: it registers anew.",
        ),
    },
    Entry {
        code: Code::ClockBehind,
        slug: "clock-behind",
        title: "the authority's clock is behind",
        meaning: "The authority takes certificates for not valid yet that are, and signs ones that end too early. Up to \
                  60 s is fine, up to 300 s a warning; beyond, nothing is submitted at all.",
        remedy: "Synchronise the clocks of this host and of {host} (`timedatectl set-ntp true` on both), then run \
                 `countersign {register}`.",
        at_the_vendors: None,
    },
    Entry {
        code: Code::WaitingValidation,
        slug: "waiting-validation",
        title: "the request waits to be validated",
        meaning: "The authority holds the request until an administrator validates it (`am.registration.validation` is \
                  `manual`), or took longer than its wait time. Until then the component serves nothing.",
        remedy: "Look at it with `countersign passport requests --state waiting-validation` and decide with `countersign \
                 passport approve ID`; then run `countersign {register}`.",
        at_the_vendors: Some(
            "Validate the request in PassPort's administration; the product asks again by itself. If it stays so though \
             nobody need decide, raise `am.registration.cert.signature.wait.time` there.",
        ),
    },
    Entry {
        code: Code::WaitingSigning,
        slug: "waiting-signing",
        title: "the request waits to be signed",
        meaning: "The request is validated and not signed yet (`am.registration.signing` is `manual`), or it is signed \
                  and the component has not come back for its certificate.",
        remedy: "Decide with `countersign passport approve ID` if `countersign passport requests --state waiting-signing` \
                 shows it; then run `countersign {register}`.",
        at_the_vendors: Some(
            "Sign the request in PassPort's administration; the product asks again by itself. If it stays so though nobody \
             need decide, raise `am.registration.cert.signature.wait.time` there.",
        ),
    },
    Entry {
        code: Code::Refused,
        slug: "refused",
        title: "the registration was refused",
        meaning: "An administrator, or the authority's policy, said no to this request. The same request stays refused.",
        remedy: "Ask the administrator why (`countersign passport requests` tells the reason); once that is settled, run \
                 `countersign {register} --again`.",
        at_the_vendors: Some(
            "Ask PassPort's administrator why. Once that is settled, stop the instance, move the temporaries out of the \
             folder, and start it: it registers anew. Then remove the refused request in PassPort.",
        ),
    },
    Entry {
        code: Code::Failed,
        slug: "failed",
        title: "the registration failed",
        meaning: "The authority took the request and could not go on with it, or gave a status that is not known here; \
                  it is shown as it came.",
        remedy: "Mend what the reason names, or ask the authority's administrator; then run `countersign {register} --again`.",
        at_the_vendors: Some(
            "Ask PassPort's administrator. Then stop the instance, move the keystore and the temporaries out of the folder, \
             and start it: it registers anew. Then remove the redundant certificate and request in PassPort.",
        ),
    },
    Entry {
        code: Code::UntrustedKeystore,
        slug: "untrusted-keystore",
        title: "the keystore's certificate is not believed",
        meaning: "The certificate was revoked, is of another CA than the authority's, has ended, or is not valid yet. No \
                  connection that shows it is accepted.",
        remedy: "Register anew: `countersign {register} --again` keeps the old files in a dated folder.",
        at_the_vendors: None,
    },
    Entry {
        code: Code::LeftoverTemporaries,
        slug: "leftover-temporaries",
        title: "temporaries are left over",
        meaning: "Files of a registration or renewal (`.csrid`, `.key`, `.pub`, or the keystore's name without its \
                  ending) lie beside a keystore that is whole. The next registration would trip over them.",
        remedy: "`countersign {register}` clears them away; where a product of the vendor's left them, move \
                 them out of the folder while it is stopped.",
        at_the_vendors: Some("Stop the instance, move the files that are named out of the folder, and start it again."),
    },
    Entry {
        code: Code::MissingCsd,
        slug: "missing-csd",
        title: "the CSD is not deployed",
        meaning: "The file that tells the authority who the component is must lie in the folder of the keystore, under \
                  the name that the repository gives it.",
        remedy: "Put the CSD back as {file}; one to begin with is in `installer-assets/csd`.",
        at_the_vendors: Some(
            "Put the CSD into the folder under the name that the repository gives it in Policy Studio, and deploy again.",
        ),
    },
    Entry {
        code: Code::IdentityMismatch,
        slug: "identity-mismatch",
        title: "the authority does not know this component",
        meaning: "Name, version, group and instance must all be the same on both sides; the detail names those that are \
                  not.",
        remedy: "See what is known with `countersign passport component list`; import the CSD with `countersign passport \
                 component import FILE`, or add the instance with `countersign passport component instance add`.",
        at_the_vendors: None,
    },
    Entry {
        code: Code::WrongPort,
        slug: "wrong-port",
        title: "something else answers on the port",
        meaning: "What listens there is not the port of the authority that it should be: plain HTTP, another TLS server, \
                  or the authority's other port (6453 and 6666 exchanged).",
        remedy: "Compare with `countersign passport status`, and set the right ports with `countersign configure`; for a \
                 repository, in `repositories.toml`.",
        at_the_vendors: None,
    },
    Entry {
        code: Code::WrongCertificate,
        slug: "wrong-certificate",
        title: "the server shows another certificate",
        meaning: "It is not signed by the CA that was pinned at the registration, or is not the certificate that was \
                  given for it: another server, or an authority that was made anew.",
        remedy: "If host and port are right, compare with `countersign passport certificate export Default_HTTPS --out \
                 FILE` (`Default_HTTPS_Client_Auth` is the other port's); give that certificate, or run `countersign {register} --again`.",
        at_the_vendors: None,
    },
    Entry {
        code: Code::WrongSecret,
        slug: "wrong-secret",
        title: "the secret is not the authority's",
        meaning: "What stands in the place is not accepted by the authority. A component that is registered goes on \
                  until its next registration or restart.",
        remedy: "Put the authority's secret into {file}, or give all places one with `countersign configure`; `countersign \
                 check` confirms it.",
        at_the_vendors: Some(
            "Give all products one secret with `countersign configure`, which drives their installers; `countersign check` \
             confirms it.",
        ),
    },
    Entry {
        code: Code::PortClosed,
        slug: "port-closed",
        title: "nobody listens on the port",
        meaning: "The host is known, and no connection comes about: the authority is down, its port is another one, or a \
                  firewall is between.",
        remedy: "Start the authority on its host (`countersign start`), and see that {port} is its port (`countersign \
                 passport status`) and reachable from here.",
        at_the_vendors: None,
    },
    Entry {
        code: Code::NameNotResolved,
        slug: "name-not-resolved",
        title: "the host's name leads nowhere",
        meaning: "Neither `/etc/hosts` nor the name service knows an address for it.",
        remedy: "Correct the host with `countersign configure`, enter {host} into `/etc/hosts`, or give the repository an \
                 `address`.",
        at_the_vendors: None,
    },
    Entry {
        code: Code::TlsVersion,
        slug: "tls-version",
        title: "the server's TLS is too old",
        meaning: "The proof of the secret is bound to TLS 1.3; the server offers nothing newer than TLS 1.2, or no cipher \
                  that is still safe. Often a proxy stands in between.",
        remedy: "Let TLS 1.3 through to {host}:{port}: connect to the authority itself, or make the proxy pass the bytes \
                 on as they are.",
        at_the_vendors: None,
    },
    Entry {
        code: Code::KeystoreUnreadable,
        slug: "keystore-unreadable",
        title: "the keystore cannot be opened",
        meaning: "The file is damaged, its password file is missing or open to others, or it does not hold one key with \
                  its certificates.",
        remedy: "Restore {file} and the `.pass` file beside it (`chmod 600`), or run `countersign {register} \
                 --again`.",
        at_the_vendors: None,
    },
    Entry {
        code: Code::PlaceUnreadable,
        slug: "place-unreadable",
        title: "no secret can be read from its place",
        meaning: "The file is missing, cannot be read or understood, or holds no secret.",
        remedy: "Mend {file}, or have the secret written anew with `countersign configure`; `countersign check` confirms \
                 it.",
        at_the_vendors: None,
    },
    Entry {
        code: Code::AuthorityNotReady,
        slug: "authority-not-ready",
        title: "the authority has no secret yet",
        meaning: "It answers, and nobody has set the shared secret: no proof can succeed.",
        remedy: "Set it at the authority with `countersign passport secret set --from SOURCE`, then run `countersign {register}`.",
        at_the_vendors: None,
    },
    Entry {
        code: Code::AuthorityStopped,
        slug: "authority-stopped",
        title: "the authority of this estate is stopped",
        meaning: "It is installed here, and its process does not run. Logins and registrations wait for it.",
        remedy: "Run `countersign start`; if it does not come up, its log `passport/logs/passport.log` says why.",
        at_the_vendors: None,
    },
    Entry {
        code: Code::ProcessStopped,
        slug: "process-stopped",
        title: "a registered component is stopped",
        meaning: "Its keystore is whole and nothing else was found, and its process does not run.",
        remedy: "Run `countersign start`; if it does not come up, its log says why.",
        at_the_vendors: None,
    },
    Entry {
        code: Code::NotRegistered,
        slug: "not-registered",
        title: "no registration was begun",
        meaning: "There is neither a keystore nor any temporary, and nothing was found that would be in the way.",
        remedy: "Run `countersign {register}`.",
        at_the_vendors: Some("Start the product: it registers at its start, and its log says how that went."),
    },
    Entry {
        code: Code::Interrupted,
        slug: "interrupted",
        title: "a registration was interrupted",
        meaning: "Its temporaries are there, without an answer of the authority and without a keystore.",
        remedy: "Go on with `countersign {register}`, or begin anew with `--again`.",
        at_the_vendors: Some(
            "Look at the newest trace of the instance. If nothing is pending in PassPort, stop the instance, move the \
             temporaries out of the folder, and start it: it registers anew.",
        ),
    },
    Entry {
        code: Code::OpenToOthers,
        slug: "open-to-others",
        title: "a file with a secret is open to others",
        meaning: "More people than the product needs can read the place, or it belongs to another user.",
        remedy: "Close it: `chmod 600 {file}`, as the product's user.",
        at_the_vendors: None,
    },
    Entry {
        code: Code::NoAnswer,
        slug: "no-answer",
        title: "no answer that tells anything",
        meaning: "A connection came about, and no answer, or none that is understood, within the deadline. That is \
                  neither good nor bad.",
        remedy: "Run `countersign doctor` again; if it stays, look at the log of the server and at what is between.",
        at_the_vendors: Some("Run this as a user who may read the folder."),
    },
];

impl Code {
    /// Every one, by number.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|entry| entry.code)
    }

    /// What is told of it.
    pub fn entry(self) -> &'static Entry {
        &TABLE[self as usize]
    }

    /// Its place in the reference.
    pub fn docs(self) -> String {
        format!("{PAGE}#{}", self.to_string().to_lowercase())
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("CS-D{:02}-{}", *self as u8, self.entry().slug))
    }
}

/// Where more of a code stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Docs(pub Code);

impl Serialize for Docs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.docs())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The whole code, or its part that says enough: `CS-D01-clock-ahead`, `CS-D01`, `D01`, `clock-ahead`.
impl FromStr for Code {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = text.to_lowercase();
        let is = |code: &Self| {
            let whole = code.to_string().to_lowercase();
            let (number, slug) = (&whole["cs-".len().."cs-d00".len()], code.entry().slug);
            wanted == whole || wanted == number || wanted == format!("cs-{number}") || wanted == slug
        };
        Self::all().find(is).ok_or_else(|| format!("there is no code {text}: countersign doctor --list"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_at_its_number_and_is_found_by_every_part_of_it() {
        for (number, entry) in TABLE.iter().enumerate() {
            assert_eq!(entry.code as usize, number);
            assert_eq!(entry.code.entry().slug, entry.slug);
            let whole = entry.code.to_string();
            for text in [&whole, &whole[..6], &whole[3..6], entry.slug] {
                assert_eq!(text.parse(), Ok(entry.code), "{text}");
            }
        }
        assert_eq!(Code::ClockAhead.to_string(), "CS-D01-clock-ahead");
        assert!("CS-D99".parse::<Code>().is_err());
    }
}
