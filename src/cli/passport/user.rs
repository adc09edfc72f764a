//! The authority's users.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;
use zeroize::Zeroizing;

use super::process::{act, unanswered};
use super::records::{joined, locally, lock};
use super::{Exit, Failure, Scope, done};
use crate::fs::{PRIVATE_FILE, create, remove_file, replace};
use crate::passport::Home;
use crate::passport::config::Config;
use crate::passport::users::{ADMINISTRATION, SYSTEM};
use crate::registration::admin;
use crate::secret::{Secret, Source, generate_password};

/// `passport user …`
#[derive(Debug, Subcommand)]
pub enum User {
    /// Add a user, who must change the password at the first login
    Add {
        #[command(flatten)]
        who: Who,
        /// A role to grant, `COMPONENT:ROLE` or `System:Administration`
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<String>,
        #[command(flatten)]
        password: NewPassword,
    },
    /// Show the users, their roles, and who must change the password
    List,
    /// Remove a user
    Remove {
        #[command(flatten)]
        who: Who,
    },
    /// A user's roles
    #[command(subcommand)]
    Role(Role),
    /// Give a user another password, to be changed at the next login
    Password {
        #[command(flatten)]
        who: Who,
        #[command(flatten)]
        password: NewPassword,
    },
    /// Tell whether a user can log in; 4 when not
    Login {
        #[command(flatten)]
        who: Who,
        /// Where the password comes from: `stdin`, `file:PATH`, `env:NAME` …
        #[arg(long, value_name = "SOURCE")]
        password_from: String,
    },
}

/// `passport user role …`
#[derive(Debug, Subcommand)]
pub enum Role {
    /// Grant a role of an imported CSD, or `System:Administration`
    Grant {
        #[command(flatten)]
        who: Who,
        /// `COMPONENT:ROLE`
        role: String,
    },
    /// Revoke a role
    Revoke {
        #[command(flatten)]
        who: Who,
        /// `COMPONENT:ROLE`
        role: String,
    },
}

/// Which user.
#[derive(Debug, Args)]
pub struct Who {
    /// The user's name, such as `system`
    name: String,
    /// The user's domain: PassPort's own, which is the default, or `System:Administration`
    #[arg(long)]
    domain: Option<String>,
}

/// Which password.
#[derive(Debug, Args)]
pub struct NewPassword {
    /// Where the password comes from: `stdin`, `file:PATH`, `env:NAME`, `generate` …
    #[arg(long, value_name = "SOURCE", default_value = "generate")]
    password_from: String,
    /// The new file that a generated password is written to
    #[arg(long, value_name = "FILE")]
    password_out: Option<PathBuf>,
}

impl User {
    pub(super) fn run(&self, home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
        match self {
            Self::Add { who, roles, password } => {
                let domain = who.domain(home)?;
                let given = password.read(None)?;
                let _lock = lock(home, "passport user add")?;
                let add = |secret| locally(home, async |local| local.add_user(&who.name, &domain, roles, secret).await);
                let user = given.used(add)?;
                let text =
                    format!("{} of {domain} is added and must change the password at the first login", user.name);
                Ok(done(scope, &text, &json!(user)))
            }
            Self::List => {
                let users = locally(home, async |local| local.users().await)?;
                let lines = users.iter().map(|user| {
                    let note = if user.must_change { "  must change the password" } else { "" };
                    format!("{}  {}  {}{note}", user.name, user.domain, user.roles.join(" "))
                });
                Ok(done(scope, &joined(lines), &json!(users)))
            }
            Self::Remove { who } => {
                let domain = who.domain(home)?;
                let _lock = lock(home, "passport user remove")?;
                locally(home, async |local| local.remove_user(&who.name, &domain).await)?;
                let value = json!({ "name": who.name, "domain": domain });
                Ok(done(scope, &format!("{} of {domain} is removed", who.name), &value))
            }
            Self::Role(Role::Grant { who, role }) => change_role(home, scope, who, role, true),
            Self::Role(Role::Revoke { who, role }) => change_role(home, scope, who, role, false),
            Self::Password { who, password } => reset(home, scope, who, password),
            Self::Login { who, password_from } => login(home, scope, who, password_from),
        }
    }
}

fn change_role(home: &Home, scope: &Scope, who: &Who, role: &str, grant: bool) -> anyhow::Result<Exit> {
    let domain = who.domain(home)?;
    let _lock = lock(home, "passport user role")?;
    let (user, changed) = locally(home, async |local| local.change_role(&who.name, &domain, role, grant).await)?;
    let how = match (grant, changed) {
        (true, true) => "has the role",
        (true, false) => "has already the role",
        (false, true) => "has no longer the role",
        (false, false) => "has not the role",
    };
    let value = json!({ "name": user.name, "domain": user.domain, "roles": user.roles, "changed": changed });
    Ok(done(scope, &format!("{} of {domain} {how} {role}", user.name), &value))
}

fn reset(home: &Home, scope: &Scope, who: &Who, password: &NewPassword) -> anyhow::Result<Exit> {
    let domain = who.domain(home)?;
    let file = home.system_password();
    let is_system = who.name == SYSTEM;
    let given = password.read(is_system.then_some(file.as_path()))?;
    let _lock = lock(home, "passport user password")?;
    let reset = |secret| locally(home, async |local| local.reset_password(&who.name, &domain, secret).await);
    let user = given.used(reset)?;
    let text = if is_system {
        format!("{SYSTEM} has another password, kept in {}", file.display())
    } else {
        format!("{} of {domain} has another password and must change it at the next login", user.name)
    };
    Ok(done(scope, &text, &json!(user)))
}

fn login(home: &Home, scope: &Scope, who: &Who, from: &str) -> anyhow::Result<Exit> {
    let password = read(from)?.read().map_err(|error| Failure::refused(error.to_string()))?;
    act(home, &json!({ "do": "status" }))?;
    let answer = admin::login(&home.admin_socket(), &who.name, who.domain.as_deref(), &password);
    let admin::Login { accepted, must_change, domain, roles } = answer.map_err(|error| unanswered(&error))?;
    let how = match (accepted, must_change) {
        (true, _) => "can log in at",
        (false, true) => "must change the password before logging in at",
        (false, false) => "cannot log in with this password at",
    };
    let value = json!({
        "user": who.name, "domain": domain, "accepted": accepted, "must_change": must_change, "roles": roles,
    });
    scope.print(&format!("{} {how} {domain}", who.name), &value);
    Ok(if accepted { Exit::Done } else { Exit::Differs })
}

impl Who {
    /// The domain that was named, if there is such a one; else the authority's own.
    fn domain(&self, home: &Home) -> anyhow::Result<String> {
        let own = Config::read(home).map_err(|error| Failure::refused(error.to_string()))?.domain;
        match &self.domain {
            None => Ok(own),
            Some(named) if *named == own || named == ADMINISTRATION => Ok(named.clone()),
            Some(named) => {
                let text = format!("there is no domain {named:?}: there are {own} and {ADMINISTRATION}");
                Err(Failure::refused(text).into())
            }
        }
    }
}

/// A password with the file that it is to be found in later.
struct Given {
    secret: Secret,
    /// The file, and whether something may stand there already.
    out: Option<(PathBuf, bool)>,
}

impl NewPassword {
    /// `kept`: the file in which this user's password is always kept.
    fn read(&self, kept: Option<&Path>) -> anyhow::Result<Given> {
        let usage = |text: &str| Failure::new(Exit::Usage, text);
        let kept = kept.map(|file| (file.to_path_buf(), true));
        match (read(&self.password_from)?, self.password_out.clone()) {
            (_, Some(_)) if kept.is_some() => {
                Err(usage("--password-out is not for system, whose password is kept in conf/system.pass").into())
            }
            (Source::Generate, None) if kept.is_none() => {
                Err(usage("a generated password needs --password-out FILE, since it is never shown").into())
            }
            (Source::Generate, out) => {
                Ok(Given { secret: generate_password(), out: kept.or_else(|| out.map(|file| (file, false))) })
            }
            (_, Some(_)) => Err(usage("--password-out is for a generated password only").into()),
            (source, None) => {
                let secret = source.read().map_err(|error| Failure::refused(error.to_string()))?;
                Ok(Given { secret, out: kept })
            }
        }
    }
}

impl Given {
    /// Uses the password. A new file is written before, so that no password is in use that nobody has; it is removed
    /// when the use fails. One that stands already is replaced after.
    fn used<T>(self, work: impl FnOnce(Secret) -> anyhow::Result<T>) -> anyhow::Result<T> {
        let Self { secret, out } = self;
        let line = Zeroizing::new(format!("{}\n", secret.expose()));
        let unwritten = |file: &Path, error: std::io::Error| {
            Failure::refused(format!("{} cannot be written: {error}", file.display()))
        };
        match out {
            None => work(secret),
            Some((file, true)) => {
                let done = work(secret)?;
                replace(&file, line.as_bytes(), PRIVATE_FILE).map_err(|error| unwritten(&file, error))?;
                Ok(done)
            }
            Some((file, false)) => {
                create(&file, line.as_bytes(), PRIVATE_FILE).map_err(|error| unwritten(&file, error))?;
                work(secret).inspect_err(|_| drop(remove_file(&file)))
            }
        }
    }
}

fn read(from: &str) -> Result<Source, Failure> {
    from.parse().map_err(|error| Failure::new(Exit::Usage, format!("--password-from {error}")))
}
