//! Finding certificates, and where each stands.

use std::fmt;

use rustls_pki_types::CertificateDer;
use serde::{Serialize, Serializer};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::revoke::SUPERSEDED;
use crate::passport::audit::hex;
use crate::passport::store::{Row, Store, query, query_scalar};
use crate::passport::{Fault, Time, authority, now};

/// Where a certificate stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is believed.
    Valid,
    /// Its time has not come.
    NotYetValid,
    /// Its time is over.
    Expired,
    /// Somebody revoked it.
    Revoked,
    /// It was renewed, and the newer one was used.
    Superseded,
}

/// One certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// In hexadecimal.
    pub serial: String,
    /// Of one of the authority's own.
    pub name: Option<String>,
    /// The component that it was issued to; none for the authority's own, and once the component was removed.
    pub component: Option<String>,
    /// The component's instance.
    pub instance: Option<String>,
    /// Whose it is.
    pub subject: String,
    /// The beginning of its time.
    pub not_before: Time,
    /// The end of its time.
    pub not_after: Time,
    /// Where it stands.
    pub state: State,
    /// Why it was revoked.
    pub reason: Option<String>,
    /// The serial of the certificate that was renewed by this one.
    pub replaces: Option<String>,
    /// The certificate.
    #[serde(skip)]
    pub der: CertificateDer<'static>,
}

/// Certificates of the table, with whom they were issued to.
macro_rules! issued {
    ($which:literal) => {
        query(concat!(
            "SELECT certificates.*, components.name, components.instance FROM certificates
             LEFT JOIN components ON components.id = certificates.component ",
            $which
        ))
    };
}

/// The authority's own and then those it issued, the newest first; only a component's when one is named, as `NAME` or
/// `NAME/INSTANCE`. At most `limit` of those it issued.
pub async fn list(store: &Store, component: Option<&str>, limit: Option<u32>) -> Result<Vec<Listed>, Fault> {
    let mut all = Vec::new();
    let limit = limit.map_or(i64::MAX, i64::from);
    let rows = if let Some(component) = component {
        let (name, instance) = component.split_once('/').unwrap_or((component, ""));
        issued!(
            "WHERE components.name = $1 AND $2 IN ('', components.instance) ORDER BY not_before DESC, serial LIMIT $3"
        )
        .bind(name)
        .bind(instance)
        .bind(limit)
        .fetch_all(store.reader())
        .await?
    } else {
        for name in authority::CERTIFICATES {
            all.push(own(name, authority::certificate(store, name).await?)?);
        }
        issued!("ORDER BY not_before DESC, serial LIMIT $1").bind(limit).fetch_all(store.reader()).await?
    };
    for row in &rows {
        all.push(issued(row)?);
    }
    Ok(all)
}

/// How many that are believed have less than a third of their time left, in which they are renewed.
pub async fn due(store: &Store) -> Result<i64, Fault> {
    let due = "SELECT COUNT(*) FROM certificates WHERE revoked IS NULL AND not_after > $1
               AND (not_after - $1) * 3 < not_after - not_before";
    Ok(query_scalar(due).bind(now()).fetch_one(store.reader()).await?)
}

/// The certificate of this name or serial. A serial may have colons and capitals.
pub async fn find(store: &Store, wanted: &str) -> Result<Listed, Fault> {
    if let Some(name) = authority::CERTIFICATES.into_iter().find(|name| *name == wanted) {
        return own(name, authority::certificate(store, name).await?);
    }
    let row = issued!("WHERE serial = $1").bind(serial(wanted)).fetch_optional(store.reader()).await?;
    row.as_ref().map_or_else(|| Err(none(wanted)), issued)
}

/// A serial as the table has it.
pub(super) fn serial(given: &str) -> String {
    given.replace(':', "").to_lowercase()
}

pub(super) fn none(wanted: &str) -> Fault {
    let names = authority::CERTIFICATES.join(", ");
    Fault::refused(format!("there is no certificate {wanted:?}; there are {names}, and those issued, by their serials"))
}

fn own(name: &str, der: CertificateDer<'static>) -> Result<Listed, Fault> {
    let parsed = parse(&der)?;
    let validity = parsed.validity();
    let (not_before, not_after) = (Time(validity.not_before.timestamp()), Time(validity.not_after.timestamp()));
    Ok(Listed {
        serial: hex(parsed.raw_serial()),
        name: Some(name.to_owned()),
        component: None,
        instance: None,
        subject: parsed.subject().to_string(),
        not_before,
        not_after,
        state: State::of(not_before, not_after, None, None),
        reason: None,
        replaces: None,
        der,
    })
}

fn issued(row: &Row) -> Result<Listed, Fault> {
    let der = CertificateDer::from(row.try_get::<Vec<u8>>("der")?);
    let (not_before, not_after) = (Time(row.try_get("not_before")?), Time(row.try_get("not_after")?));
    let reason: Option<String> = row.try_get("reason")?;
    Ok(Listed {
        serial: row.try_get("serial")?,
        name: None,
        component: row.try_get("name")?,
        instance: row.try_get("instance")?,
        subject: parse(&der)?.subject().to_string(),
        not_before,
        not_after,
        state: State::of(not_before, not_after, row.try_get("revoked")?, reason.as_deref()),
        reason,
        replaces: row.try_get("replaces")?,
        der,
    })
}

pub(super) fn parse(der: &[u8]) -> Result<X509Certificate<'_>, Fault> {
    X509Certificate::from_der(der).map(|(_, parsed)| parsed).map_err(|_| Fault::Damaged("a certificate"))
}

impl State {
    fn of(not_before: Time, not_after: Time, revoked: Option<i64>, reason: Option<&str>) -> Self {
        let now = Time(now());
        match revoked {
            Some(_) if reason == Some(SUPERSEDED) => Self::Superseded,
            Some(_) => Self::Revoked,
            None if now < not_before => Self::NotYetValid,
            None if now > not_after => Self::Expired,
            None => Self::Valid,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Valid => "valid",
            Self::NotYetValid => "not yet valid",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Superseded => "superseded",
        })
    }
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Listed {
    /// Whose it is, in a word: its name, else the component's, else a dash.
    pub fn owner(&self) -> String {
        match (&self.name, &self.component, &self.instance) {
            (Some(name), ..) => name.clone(),
            (None, Some(component), Some(instance)) => format!("{component}/{instance}"),
            _ => "-".to_owned(),
        }
    }
}

/// As a line for people.
impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { serial, subject, not_before, not_after, state, .. } = self;
        write!(f, "{serial}  {}  {subject}  {not_before}  {not_after}  {state}", self.owner())?;
        self.reason.as_ref().filter(|_| self.state == State::Revoked).map_or(Ok(()), |reason| write!(f, ": {reason}"))
    }
}
