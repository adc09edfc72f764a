//! System properties: what an administrator changes while the authority runs. Read at every use, so a change counts at
//! once.

use std::time::Duration;

use serde::Serialize;

use super::Fault;
use super::audit::Entry;
use super::store::{Conn, Executor, Store, query, query_as, query_scalar};
use crate::schedule::Period;

/// How long a submission blocks for its signature before it is answered as pending, in seconds.
pub const WAIT_TIME: &str = "am.registration.cert.signature.wait.time";
/// Whether requests are validated by themselves (`auto`) or by an administrator (`manual`).
pub const VALIDATION: &str = "am.registration.validation";
/// Whether validated requests are signed by themselves (`auto`) or by an administrator (`manual`).
pub const SIGNING: &str = "am.registration.signing";
/// Whether a component whose CSD was not imported is refused (`refuse`) or taken in (`accept`).
pub const UNKNOWN_COMPONENTS: &str = "am.registration.unknown.components";

/// Whether third-party clients may enrol with the secret as an HTTP Basic password (`on`) or not (`off`).
pub const EST_BASIC: &str = "am.registration.est.basic";
/// How long a component's certificate is valid from the moment it is signed.
pub const VALIDITY: &str = "am.registration.certificate.validity";

/// The longest time a submission may block, in seconds; clients wait for an answer themselves.
const LONGEST_WAIT: u64 = 60;
/// The default of [`VALIDITY`], in days.
const DAYS: u64 = 365;
/// The shortest and the longest validity of a component's certificate, in seconds.
const VALIDITIES: std::ops::RangeInclusive<u64> = 60..=10 * 365 * 86_400;

struct Property {
    name: &'static str,
    default: &'static str,
    rule: &'static str,
    fits: fn(&str) -> bool,
}

const PROPERTIES: [Property; 6] = [
    Property {
        name: WAIT_TIME,
        default: "2",
        rule: "whole seconds from 0 to 60",
        fits: |value| value.parse::<u64>().is_ok_and(|seconds| seconds <= LONGEST_WAIT),
    },
    Property { name: VALIDATION, default: "auto", rule: "auto or manual", fits: |v| matches!(v, "auto" | "manual") },
    Property { name: SIGNING, default: "auto", rule: "auto or manual", fits: |v| matches!(v, "auto" | "manual") },
    Property {
        name: UNKNOWN_COMPONENTS,
        default: "refuse",
        rule: "refuse or accept",
        fits: |v| matches!(v, "refuse" | "accept"),
    },
    Property { name: EST_BASIC, default: "off", rule: "off or on", fits: |v| matches!(v, "off" | "on") },
    Property {
        name: VALIDITY,
        default: "365d",
        rule: "a length of time from 1m to ten years, as 365d or 12h",
        fits: |value| length(value).is_some(),
    },
];

/// Writes every property with its default into a new database.
pub async fn init(store: &Store) -> Result<(), Fault> {
    let mut write = store.write().await?;
    for property in &PROPERTIES {
        put(&mut write, property.name, property.default).await?;
    }
    Ok(write.commit().await?)
}

/// Every property with its value, in the order of their names.
pub async fn list(store: &Store) -> Result<Vec<(String, String)>, Fault> {
    Ok(query_as("SELECT name, value FROM properties ORDER BY name").fetch_all(store.reader()).await?)
}

/// A property as an administrator sees it.
#[derive(Debug, Clone, Serialize)]
pub struct Described {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// What it is without anybody's doing.
    pub default: &'static str,
    /// The values it can have, in words.
    pub rule: &'static str,
}

/// Every property with what it can be, in the order of their names.
pub async fn described(store: &Store) -> Result<Vec<Described>, Fault> {
    let one = |(name, value): (String, String)| {
        let Property { default, rule, .. } = known(&name).ok()?;
        Some(Described { name, value, default, rule })
    };
    Ok(list(store).await?.into_iter().filter_map(one).collect())
}

/// What the properties say about requests at one moment.
pub struct Policy {
    /// [`VALIDATION`] goes by itself.
    pub validates: bool,
    /// [`SIGNING`] goes by itself.
    pub signs: bool,
    /// [`VALIDITY`].
    pub validity: Period,
}

/// Asks for all of it at once: every question is a way to the database's own thread and back.
pub async fn policy(from: impl Executor) -> Result<Policy, Fault> {
    const ALL: &str =
        "SELECT (SELECT value FROM properties WHERE name = $1), (SELECT value FROM properties WHERE name = $2),
                       (SELECT value FROM properties WHERE name = $3)";
    type Values = (Option<String>, Option<String>, Option<String>);
    let values: Option<Values> =
        query_as(ALL).bind(VALIDATION).bind(SIGNING).bind(VALIDITY).fetch_optional(from).await?;
    let (validation, signing, validity) = values.unwrap_or_default();
    let is_auto = |value: Option<String>| value.is_none_or(|value| value == "auto");
    let validity = validity.as_deref().and_then(length).unwrap_or(Period::days(DAYS));
    Ok(Policy { validates: is_auto(validation), signs: is_auto(signing), validity })
}

/// One property's value; an unknown name is refused.
pub async fn get(from: impl Executor, name: &str) -> Result<String, Fault> {
    let property = known(name)?;
    let value: Option<String> =
        query_scalar("SELECT value FROM properties WHERE name = $1").bind(property.name).fetch_optional(from).await?;
    Ok(value.unwrap_or_else(|| property.default.to_owned()))
}

/// Changes one; a value that it cannot have is refused with the rule.
pub async fn set(store: &Store, name: &str, value: &str) -> Result<(), Fault> {
    let property = known(name)?;
    if !(property.fits)(value) {
        return Err(Fault::refused(format!("{name} must be {}", property.rule)));
    }
    let mut tx = store.write().await?;
    put(&mut tx, property.name, value).await?;
    Entry::new("admin", "property set").result("ok", Some(&format!("{name} = {value}"))).write(&mut *tx).await?;
    Ok(tx.commit().await?)
}

/// [`WAIT_TIME`].
pub async fn wait_time(store: &Store) -> Result<Duration, Fault> {
    let seconds = get(store.reader(), WAIT_TIME).await?.parse().unwrap_or(2).min(LONGEST_WAIT);
    Ok(Duration::from_secs(seconds))
}

fn length(value: &str) -> Option<Period> {
    value.parse().ok().filter(|period: &Period| VALIDITIES.contains(&period.seconds()))
}

fn known(name: &str) -> Result<&'static Property, Fault> {
    PROPERTIES.iter().find(|property| property.name == name).ok_or_else(|| {
        let names = PROPERTIES.map(|property| property.name).join(", ");
        Fault::refused(format!("there is no property {name:?}; there are {names}"))
    })
}

async fn put(to: &mut Conn, name: &str, value: &str) -> Result<(), sqlx::Error> {
    query("INSERT INTO properties VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind(name)
        .bind(value)
        .execute(to)
        .await
        .map(drop)
}
