//! Every decision is an audit row: who, component, secret id, request hash, serial, result, reason.

use std::borrow::Cow;
use std::fmt;

use super::store::{Executor, Row, Store, query};
use super::{Fault, now, time_text};
use crate::registration::wire::Identity;

/// One decision. Times are set when it is written.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// Who asked: an address, a certificate, `admin`.
    pub who: String,
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
    pub fn new(who: impl Into<String>, act: &'static str) -> Self {
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

    /// Writes the row, in whatever transaction the decision is made.
    pub async fn write(&self, to: impl Executor) -> Result<(), sqlx::Error> {
        query(
            "INSERT INTO audit (time, who, act, component, secret_id, request, serial, result, reason, change)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(now())
        .bind(&self.who)
        .bind(&*self.act)
        .bind(&self.component)
        .bind(&self.secret_id)
        .bind(&self.request)
        .bind(&self.serial)
        .bind(&self.result)
        .bind(&self.reason)
        .bind(&self.change)
        .execute(to)
        .await
        .map(drop)
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

/// The newest rows as lines for people, oldest first.
pub async fn lines(store: &Store, limit: u32) -> Result<Vec<String>, Fault> {
    let rows = query("SELECT * FROM audit ORDER BY id DESC LIMIT $1").bind(limit).fetch_all(store.reader()).await?;
    rows.iter().rev().map(line).collect()
}

fn line(row: &Row) -> Result<String, Fault> {
    let entry = Entry {
        who: row.try_get("who")?,
        act: Cow::Owned(row.try_get("act")?),
        component: row.try_get("component")?,
        secret_id: row.try_get("secret_id")?,
        change: row.try_get("change")?,
        request: row.try_get("request")?,
        serial: row.try_get("serial")?,
        result: row.try_get("result")?,
        reason: row.try_get("reason")?,
    };
    Ok(format!("{} {entry}", time_text(row.try_get("time")?)))
}

/// A component as one word for rows and lines.
pub fn name(identity: &Identity) -> String {
    identity.parts().map(|(_, value)| value.replace(char::is_control, "?")).join("/")
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        text.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('?'));
        text.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('?'));
        text
    })
}
