//! The authority's users.

use clap::Subcommand;
use serde_json::json;

use super::process::{act, unanswered};
use super::{Exit, Failure, Scope};
use crate::passport::Home;
use crate::registration::admin;
use crate::secret::Source;

/// `passport user …`
#[derive(Debug, Subcommand)]
pub enum User {
    /// Tell whether a user can log in; 4 when not
    Login {
        /// The user's name, such as `system`
        name: String,
        /// Where the password comes from: `stdin`, `file:PATH`, `env:NAME` …
        #[arg(long, value_name = "SOURCE")]
        password_from: String,
    },
}

impl User {
    pub(super) fn run(&self, home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
        let Self::Login { name, password_from } = self;
        let source: Source =
            password_from.parse().map_err(|error| Failure::new(Exit::Usage, format!("--password-from {error}")))?;
        let password = source.read().map_err(|error| Failure::refused(error.to_string()))?;
        act(home, &json!({ "do": "status" }))?;
        let login = admin::login(&home.admin_socket(), name, &password).map_err(|error| unanswered(&error))?;
        let how = if login.accepted { "can log in at" } else { "cannot log in with this password at" };
        let (domain, accepted, roles) = (&login.domain, login.accepted, &login.roles);
        let value = json!({ "user": name, "domain": domain, "accepted": accepted, "roles": roles });
        scope.print(&format!("{name} {how} {domain}"), &value);
        Ok(if accepted { Exit::Done } else { Exit::Differs })
    }
}
