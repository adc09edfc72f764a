//! What an authority tells over its admin socket, as the console keeps it.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::registration::admin::SecretState;
use crate::registration::state::State;
use crate::registration::wire::Identity;

/// Audit rows that are kept.
const MOST_ROWS: usize = 2000;

/// What the authority is, and how much there is to do.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Overview {
    pub version: String,
    pub pid: u32,
    pub host: String,
    pub listen: String,
    pub https_port: u16,
    pub client_auth_port: u16,
    pub domain: String,
    pub node: String,
    pub database: String,
    pub since: Timestamp,
    /// The audit's newest row: whatever changes adds one.
    pub newest: i64,
    /// Requests that wait for an administrator.
    pub waiting: u64,
    /// Certificates that are to be renewed.
    pub due: u64,
    /// How many components proved the current secret last, and how many there are.
    pub proofs: (u64, u64),
}

/// A certificate request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Request {
    pub id: String,
    pub component: String,
    pub instance: String,
    pub subject: String,
    pub status: State,
    pub received: Timestamp,
    pub reason: Option<String>,
}

/// An instance of a component.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Component {
    pub identity: Identity,
    pub listens: bool,
    pub proved: Option<Proved>,
}

/// The secret that a component proved last.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Proved {
    pub secret_id: String,
    pub time: Timestamp,
}

/// A secret, by its id.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Secret {
    pub id: String,
    pub state: SecretState,
    pub made: Timestamp,
    pub until: Option<Timestamp>,
    pub change: Option<String>,
    /// How many of the components proved it last.
    pub proved: u64,
    pub components: u64,
}

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Certificate {
    pub serial: String,
    pub name: Option<String>,
    pub component: Option<String>,
    pub instance: Option<String>,
    pub subject: String,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
    pub state: String,
    pub reason: Option<String>,
    pub replaces: Option<String>,
}

impl Certificate {
    /// Whose it is, in a word.
    pub fn owner(&self) -> String {
        match (&self.name, &self.component, &self.instance) {
            (Some(name), ..) => name.clone(),
            (None, Some(component), Some(instance)) => format!("{component}/{instance}"),
            _ => "-".to_owned(),
        }
    }

    /// Whether less than a third of its time is left, in which it is renewed.
    pub fn is_due(&self, now: Timestamp) -> bool {
        let (left, all) = (self.left(now), self.not_after.duration_since(self.not_before));
        left * 3 < all
    }

    /// The time that is left.
    pub fn left(&self, now: Timestamp) -> SignedDuration {
        self.not_after.duration_since(now)
    }
}

/// A row of the audit with its id.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Numbered {
    pub id: i64,
    pub row: Row,
}

/// A row of the audit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Row {
    pub node: String,
    pub number: Option<i64>,
    pub time: Timestamp,
    pub who: String,
    pub source: Option<String>,
    pub act: String,
    pub component: Option<String>,
    pub secret_id: Option<String>,
    pub change: Option<String>,
    pub request: Option<String>,
    pub serial: Option<String>,
    pub result: String,
    pub reason: Option<String>,
}

/// A system property.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Property {
    pub name: String,
    pub value: String,
    pub default: String,
    pub rule: String,
}

/// What one view shows, as it was told.
#[derive(Debug)]
pub enum Part {
    Requests(Vec<Request>),
    /// The components, and the secrets that they prove.
    Components(Vec<Component>, Vec<Secret>),
    /// The secrets, and who keeps a retiring one alive.
    Secrets(Vec<Secret>, Vec<String>),
    Certificates(Vec<Certificate>),
    /// Rows; all that there are to show, or those that came since.
    Audit(Vec<Numbered>, Since),
    Ports,
    Properties(Vec<Property>),
}

/// What audit rows go on from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// Nothing before them is kept.
    Nothing,
    /// They follow the last one that is kept.
    TheLast,
}

/// All that is known; `None` is what nobody told yet.
#[derive(Debug, Default)]
pub struct Data {
    pub overview: Option<Overview>,
    pub requests: Option<Vec<Request>>,
    pub components: Option<Vec<Component>>,
    pub secrets: Option<Vec<Secret>>,
    /// Who keeps a retiring secret alive.
    pub waiting: Vec<String>,
    pub certificates: Option<Vec<Certificate>>,
    pub audit: Option<Vec<Numbered>>,
    pub properties: Option<Vec<Property>>,
}

impl Data {
    /// Takes in what was told.
    pub fn take(&mut self, part: Part) {
        match part {
            Part::Requests(all) => self.requests = Some(all),
            Part::Components(all, secrets) => (self.components, self.secrets) = (Some(all), Some(secrets)),
            Part::Secrets(all, waiting) => (self.secrets, self.waiting) = (Some(all), waiting),
            Part::Certificates(all) => self.certificates = Some(all),
            Part::Audit(rows, Since::Nothing) => self.audit = Some(rows),
            Part::Audit(rows, Since::TheLast) => {
                let kept = self.audit.get_or_insert_default();
                kept.extend(rows);
                kept.drain(..kept.len().saturating_sub(MOST_ROWS));
            }
            Part::Ports => {}
            Part::Properties(all) => self.properties = Some(all),
        }
    }

    /// The id of the current secret.
    pub fn current(&self) -> Option<&str> {
        let current = self.secrets.as_ref()?.iter().find(|secret| secret.state == SecretState::Current)?;
        Some(&current.id)
    }

    /// The request with this id.
    pub fn request(&self, id: &str) -> Option<&Request> {
        self.requests.as_ref()?.iter().find(|request| request.id == id)
    }

    /// The property with this name.
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.as_ref()?.iter().find(|property| property.name == name)
    }
}

/// One field of an answer.
pub fn read<T: DeserializeOwned>(answer: &mut Value, key: &str) -> Result<T, String> {
    serde_json::from_value(answer[key].take()).map_err(|_| format!("its answer has no {key} that can be read"))
}
