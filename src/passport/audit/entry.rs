//! One decision, until it is a row.

use std::borrow::{BorrowMut, Cow};
use std::fmt;

use serde::Serialize;

use super::head::End;
use super::row::Row;
use super::{chain, hex, name};
use crate::passport::store::{Conn, Query};
use crate::passport::{Time, now};
use crate::registration::wire::Identity;

/// Who asked, and from where.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Who {
    /// `admin`, `policy`, `certificate SERIAL`, or `client` for whoever showed no certificate.
    #[serde(rename = "who")]
    pub name: String,
    /// The network address; none for what did not come over the network.
    pub source: Option<String>,
}

impl Who {
    /// Somebody at this address.
    pub fn at(name: impl Into<String>, source: impl fmt::Display) -> Self {
        Self { name: name.into(), source: Some(source.to_string()) }
    }
}

impl From<&str> for Who {
    fn from(name: &str) -> Self {
        Self { name: name.to_owned(), source: None }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(source) => write!(f, "{} from {source}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// One decision. Its time is set when it is written.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Entry {
    /// Who asked.
    #[serde(flatten)]
    pub who: Who,
    /// What was asked.
    pub act: Cow<'static, str>,
    /// The component, as its four values.
    pub component: Option<String>,
    /// The secret id.
    pub secret_id: Option<String>,
    /// The change of the secret.
    pub change: Option<String>,
    /// The request's hash, in hexadecimal.
    pub request: Option<String>,
    /// The certificate's serial.
    pub serial: Option<String>,
    /// `ok`, `refused`, `failed` or a registration state.
    pub result: String,
    /// Why.
    pub reason: Option<String>,
}

impl Entry {
    /// What somebody asked for; it stands as `ok` until told otherwise.
    pub fn new(who: impl Into<Who>, act: &'static str) -> Self {
        Self { who: who.into(), act: act.into(), result: "ok".into(), ..Self::default() }
    }

    /// Of this component.
    #[must_use]
    pub fn component(mut self, identity: &Identity) -> Self {
        self.component = Some(name(identity));
        self
    }

    /// With this secret.
    #[must_use]
    pub fn secret(mut self, id: &str) -> Self {
        self.secret_id = Some(id.to_owned());
        self
    }

    /// In this change of the secret.
    #[must_use]
    pub fn change(mut self, name: &str) -> Self {
        self.change = Some(name.to_owned());
        self
    }

    /// About this request.
    #[must_use]
    pub fn request(mut self, hash: &[u8]) -> Self {
        self.request = Some(hex(hash));
        self
    }

    /// About this certificate.
    #[must_use]
    pub fn serial(mut self, serial: &str) -> Self {
        self.serial = Some(serial.to_owned());
        self
    }

    /// It ended like this.
    #[must_use]
    pub fn result(mut self, result: impl fmt::Display, reason: Option<&str>) -> Self {
        self.result = result.to_string();
        self.reason = reason.map(str::to_owned);
        self
    }

    /// Puts the row at the end of this node's chain, in the transaction of the decision. Its commit writes and seals it.
    pub async fn write(&self, mut to: impl BorrowMut<Conn> + Send) -> Result<(), sqlx::Error> {
        let to = to.borrow_mut();
        let node = to.node().to_owned();
        let (count, previous) = match to.tail.end() {
            Some(end) => (end.count, end.hash.clone()),
            None => (0, chain::beginning(to).await?),
        };
        let number = count + 1;
        let row = Row { node, number: Some(number), time: Time(now()), entry: Cow::Borrowed(self), hash: None };
        let hash = chain::link(&previous, &row);
        let values = |insert: Query| {
            insert
                .bind(&row.node)
                .bind(number)
                .bind(hash.as_slice())
                .bind(row.time.0)
                .bind(&self.who.name)
                .bind(&self.who.source)
                .bind(&*self.act)
                .bind(&self.component)
                .bind(&self.secret_id)
                .bind(&self.change)
                .bind(&self.request)
                .bind(&self.serial)
                .bind(&self.result)
                .bind(&self.reason)
        };
        to.tail.push(values, End { count: number, hash: hash.to_vec() });
        Ok(())
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.who, self.act, self.result)?;
        let parts = [
            ("component", &self.component),
            ("secret", &self.secret_id),
            ("change", &self.change),
            ("request", &self.request),
            ("serial", &self.serial),
            ("reason", &self.reason),
        ];
        parts.iter().try_for_each(|(name, value)| match value {
            Some(value) => write!(f, " {name}={value}"),
            None => Ok(()),
        })
    }
}
