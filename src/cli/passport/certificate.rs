//! The authority's certificates: its own, and those it issued.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use super::process::act;
use super::records::{joined, locally, lock};
use super::{Exit, Scope, done, export};
use crate::daemon::pidfile;
use crate::passport::Home;
use crate::passport::certificates::Details;

/// `passport certificate …`
#[derive(Debug, Subcommand)]
pub enum Certificate {
    /// Show PassPort's own and those it issued
    List {
        /// Only those of a component: `NAME` or `NAME/INSTANCE`
        #[arg(long, value_name = "NAME")]
        component: Option<String>,
    },
    /// Show what one says, and where it stands
    Show {
        /// A serial, `Default_HTTPS`, `Default_HTTPS_Client_Auth` or `ca`
        #[arg(value_name = "SERIAL|NAME")]
        which: String,
    },
    /// Write a certificate to a file
    Export {
        /// A serial, `Default_HTTPS`, `Default_HTTPS_Client_Auth` or `ca`
        #[arg(value_name = "SERIAL|NAME")]
        which: String,
        #[command(flatten)]
        to: To,
    },
    /// Revoke one that PassPort issued: nobody believes it from the next connection on
    Revoke {
        /// Its serial
        serial: String,
        /// Why, for the audit and the list of certificates
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// Write the list of what was revoked to a file, signed by the CA
    Crl {
        #[command(flatten)]
        to: To,
    },
}

/// Where an export goes.
#[derive(Debug, clap::Args)]
pub struct To {
    /// The file
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// As PEM text instead of DER
    #[arg(long)]
    pem: bool,
}

impl Certificate {
    pub(super) fn run(&self, home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
        match self {
            Self::List { component } => {
                let all = locally(home, async |local| local.certificates(component.as_deref()).await)?;
                Ok(done(scope, &joined(all.iter().map(ToString::to_string)), &json!(all)))
            }
            Self::Show { which } => {
                let details = locally(home, async |local| Details::of(local.certificate(which).await?))?;
                Ok(done(scope, &details.lines().join("\n"), &json!(details)))
            }
            Self::Export { which, to } => {
                let found = locally(home, async |local| local.certificate(which).await)?;
                let file = to.write(&found.der, "CERTIFICATE")?;
                let text = format!("{which} was written to {}", file.display());
                Ok(done(scope, &text, &json!({ "certificate": which, "file": file })))
            }
            Self::Revoke { serial, reason } => revoke(home, serial, reason.as_deref(), scope),
            Self::Crl { to } => {
                let list = locally(home, async |local| local.revocation_list().await)?;
                let file = to.write(&list, "X509 CRL")?;
                Ok(done(
                    scope,
                    &format!("the revocation list was written to {}", file.display()),
                    &json!({ "file": file }),
                ))
            }
        }
    }
}

impl To {
    fn write(&self, der: &[u8], label: &str) -> anyhow::Result<&Path> {
        export::write(&self.out, &export::encoded(der, label, self.pem))?;
        Ok(&self.out)
    }
}

/// By the authority itself when it runs, so that it counts at once.
fn revoke(home: &Home, serial: &str, reason: Option<&str>, scope: &Scope) -> anyhow::Result<Exit> {
    let _lock = lock(home, "passport certificate revoke")?;
    let changed = if pidfile::holder(&home.pid_file())?.is_some() {
        let answer = act(home, &json!({ "do": "certificate-revoke", "serial": serial, "reason": reason }))?;
        answer["changed"] == json!(true)
    } else {
        locally(home, async |local| local.revoke(serial, reason).await)?
    };
    let text = if changed { format!("{serial} is revoked") } else { format!("{serial} was revoked before") };
    Ok(done(scope, &text, &json!({ "serial": serial, "changed": changed })))
}
