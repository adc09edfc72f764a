//! The audit: its rows, its head, and whether it is whole.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Subcommand;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::json;

use super::export;
use super::records::{joined, locally};
use super::{Exit, Failure, Scope, done, unreadable};
use crate::passport::{Home, audit};
use crate::schedule::Period;

/// Rows shown when neither a number nor a time is given.
const FEW: u32 = 100;

/// `passport audit …`
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Show the newest rows, the oldest of them first; with --json one JSON object a line
    List {
        /// Only rows from this time on: 2h, 7d, 2026-11-22, 2026-11-22T08:30:00Z
        #[arg(long, value_name = "TIME|DURATION")]
        since: Option<Since>,
        /// How many at most [default: 100, with --since all]
        #[arg(long, value_name = "N")]
        limit: Option<u32>,
    },
    /// Show how many rows there are, and the signed hash of the last
    Head {
        /// Write it to a file, to be kept elsewhere
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Tell whether a row was changed, removed, moved or added; 4 when so
    Verify {
        /// Also against a head that was exported earlier
        #[arg(long, value_name = "FILE")]
        head: Option<PathBuf>,
    },
}

impl Audit {
    pub(super) fn run(&self, home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
        match self {
            Self::List { since, limit } => {
                let limit = limit.or(since.is_none().then_some(FEW));
                let since = since.as_ref().map_or(0, |since| since.0.as_second());
                let show = |row: &audit::Row<'_>| scope.print_line(&row.to_string(), row);
                locally(home, async |local| local.audit(since, limit, show).await)?;
                Ok(Exit::Done)
            }
            Self::Head { out } => head(home, out.as_deref(), scope),
            Self::Verify { head } => verify(home, head.as_deref(), scope),
        }
    }
}

fn head(home: &Home, out: Option<&Path>, scope: &Scope) -> anyhow::Result<Exit> {
    let heads = locally(home, async |local| local.audit_heads().await)?;
    let lines = joined(heads.iter().map(ToString::to_string));
    let exported = audit::export(heads);
    let Some(out) = out else { return Ok(done(scope, &lines, &exported)) };
    export::write(out, format!("{exported:#}\n").as_bytes())?;
    Ok(done(scope, &format!("the head of the audit was written to {}", out.display()), &exported))
}

fn verify(home: &Home, head: Option<&Path>, scope: &Scope) -> anyhow::Result<Exit> {
    let exported = match head {
        None => Vec::new(),
        Some(file) => {
            let text = std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))?;
            audit::import(&text).ok_or_else(|| {
                let why = "it is not what `countersign passport audit head --out FILE` writes";
                Failure::refused(format!("{} cannot be read: {why}", file.display()))
            })?
        }
    };
    let report = locally(home, async |local| local.verify_audit(&exported).await)?;
    let text = match &report.first {
        None => format!("the audit is whole: rows {}, nodes {}", report.rows, report.nodes),
        Some(first) => format!("the audit differs: node {}, row {}: {}", first.node, first.number, first.what),
    };
    scope.print(&text, &json!(report));
    Ok(if report.whole { Exit::Done } else { Exit::Differs })
}

/// A moment, given as such or as the time that has passed since.
#[derive(Debug, Clone, Copy)]
pub struct Since(Timestamp);

impl FromStr for Since {
    type Err = NoTime;

    fn from_str(text: &str) -> Result<Self, NoTime> {
        let ago = || Timestamp::now().checked_sub(text.parse::<Period>().ok()?.duration()).ok();
        let midnight = || Some(text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp());
        text.parse().ok().or_else(midnight).or_else(ago).map(Self).ok_or(NoTime)
    }
}

/// The text is no time.
#[derive(Debug)]
pub struct NoTime;

impl fmt::Display for NoTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write it as 2h, 7d, 2026-11-22 or 2026-11-22T08:30:00Z")
    }
}

impl std::error::Error for NoTime {}
