//! What the authority has on record: audit, certificates, properties.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::Subcommand;
use rustls_pki_types::CertificateDer;
use serde_json::{Value, json};

use super::{Exit, Failure, Scope, block_on, done, failure};
use crate::apply::Lock;
use crate::estate::record;
use crate::passport::local::Local;
use crate::passport::{Fault, Home};

/// Mode of an exported certificate: it is public.
const PUBLIC_FILE: u32 = 0o644;
/// Characters of base64 on one line of PEM (RFC 7468, 2).
const PEM_LINE: usize = 64;

/// `passport certificate …`
#[derive(Debug, Subcommand)]
pub enum Certificate {
    /// Write a certificate to a file
    Export {
        /// `Default_HTTPS`, `Default_HTTPS_Client_Auth` or `ca`
        name: String,
        /// The file
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// As PEM text instead of DER
        #[arg(long)]
        pem: bool,
    },
}

/// `passport property …`
#[derive(Debug, Subcommand)]
pub enum Property {
    /// Show one
    Get {
        /// Its name
        name: String,
    },
    /// Change one; it counts at once
    Set {
        /// Its name
        name: String,
        /// Its value
        value: String,
    },
    /// Show all
    List,
}

pub(super) fn audit(home: &Home, limit: u32, scope: &Scope) -> anyhow::Result<Exit> {
    let lines = locally(home, async |local| local.audit(limit).await)?;
    Ok(done(scope, &lines.join("\n"), &json!({ "lines": lines })))
}

impl Certificate {
    pub(super) fn run(&self, home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
        let Self::Export { name, out, pem } = self;
        let certificate = locally(home, async |local| local.certificate(name).await)?;
        let bytes = if *pem { pem_text(&certificate).into_bytes() } else { certificate.to_vec() };
        crate::fs::replace(out, &bytes, PUBLIC_FILE)
            .map_err(|error| Failure::refused(format!("{} cannot be written: {error}", out.display())))?;
        Ok(done(
            scope,
            &format!("{name} was written to {}", out.display()),
            &json!({ "certificate": name, "file": out }),
        ))
    }
}

impl Property {
    pub(super) fn run(&self, home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
        match self {
            Self::Get { name } => {
                let value = locally(home, async |local| local.property(name).await)?;
                Ok(done(scope, &value, &json!({ "name": name, "value": value })))
            }
            Self::Set { name, value } => {
                let _lock = lock(home, "passport property set")?;
                locally(home, async |local| local.set_property(name, value).await)?;
                Ok(done(scope, &format!("{name} = {value}"), &json!({ "name": name, "value": value })))
            }
            Self::List => {
                let all = locally(home, async |local| local.properties().await)?;
                let lines = all.iter().map(|(name, value)| format!("{name} = {value}"));
                Ok(done(scope, &joined(lines), &all.iter().map(|(name, value)| (name.clone(), json!(value))).collect()))
            }
        }
    }
}

/// The lock of the estate in which this home lies, whichever one the flags name; none for an authority on its own.
pub(super) fn lock(home: &Home, verb: &str) -> Result<Option<Lock>, Failure> {
    let estate = home.path().parent().filter(|folder| folder.join(record::FILE).exists());
    estate.map(|folder| Scope::new(false, Some(folder.to_path_buf())).lock(verb)).transpose()
}

/// Works on the database of this home.
pub(super) fn locally<T>(home: &Home, work: impl AsyncFnOnce(&Local) -> Result<T, Fault>) -> anyhow::Result<T> {
    let done = async {
        let local = Local::open(home).await?;
        let result = work(&local).await;
        local.close().await;
        result
    };
    Ok(block_on(done)?.map_err(|fault| failure(&fault))?)
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}

pub(super) fn joined(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

fn pem_text(certificate: &CertificateDer<'_>) -> String {
    let text = STANDARD.encode(certificate);
    let lines = (0..text.len()).step_by(PEM_LINE).map(|at| text[at..text.len().min(at + PEM_LINE)].to_owned());
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", joined(lines))
}
