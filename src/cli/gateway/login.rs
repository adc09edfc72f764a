//! `gateway login`.

use clap::Args;
use serde_json::json;

use super::{Exit, Failure, Home, Scope, block_on, log, ours};
use crate::gateway;
use crate::registration::login::Login as Said;
use crate::secret::{Secret, Source};
use crate::ui::line;

/// Who, and where.
#[derive(Debug, Args)]
pub struct Login {
    /// The user's name
    user: String,
    /// The repository, where there are several
    #[arg(long, value_name = "NAME")]
    repository: Option<String>,
    /// Where the password comes from: `prompt`, `stdin`, `file:PATH`, `env:NAME` …
    #[arg(long, value_name = "SOURCE", default_value = "prompt")]
    password_from: String,
}

impl Login {
    /// Runs it; 4 when the user cannot log in.
    pub fn run(&self, home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
        let named = gateway::one(home, self.repository.as_deref(), &log(home)).map_err(|failure| ours(&failure))?;
        let password = self.password(scope)?;
        let login = block_on(gateway::login(&named, &self.user, &password))?;
        let (domain, said) = login.map_err(|failure| ours(&failure))?;
        let (result, roles) = match said {
            Said::Known(known) => ("accepted", known.roles),
            Said::Refused => ("refused", Vec::new()),
            Said::MustChange => ("must change the password", Vec::new()),
        };
        let user = &self.user;
        let text = match result {
            "accepted" if roles.is_empty() => format!("{user} of {domain} is accepted, and has no role"),
            "accepted" => format!("{user} of {domain} is accepted, with the roles {}", roles.join(", ")),
            "refused" => format!("{user} of {domain} is refused: user and password do not fit"),
            _ => format!("{user} of {domain} must change the password first, since an administrator gave it"),
        };
        let value =
            json!({ "repository": named.name, "user": user, "domain": domain, "result": result, "roles": roles });
        scope.print(&text, &value);
        Ok(if result == "accepted" { Exit::Done } else { Exit::Differs })
    }

    fn password(&self, scope: &Scope) -> anyhow::Result<Secret> {
        let usage = |text: String| Failure::new(Exit::Usage, text);
        let source: Source = self.password_from.parse().map_err(|error| usage(format!("--password-from {error}")))?;
        match source {
            Source::Prompt => {
                if scope.needs_terminal().is_err() {
                    let text = "there is no terminal to ask for the password on: give --password-from";
                    return Err(usage(text.to_owned()).into());
                }
                let typed = line::hidden(&format!("Password of {}: ", self.user));
                Ok(typed.ok_or_else(|| usage("no password was typed".to_owned()))?)
            }
            Source::Same | Source::Generate | Source::Keep => {
                Err(usage(format!("--password-from {source} gives no password")).into())
            }
            source => Ok(source.read().map_err(|error| Failure::refused(format!("--password-from: {error}")))?),
        }
    }
}
