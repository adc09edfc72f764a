//! The command line: one file a verb.

mod b2bi;
mod carry_out;
mod check;
mod completions;
mod doctor;
pub use crate::exit;
mod failure;
mod gateway;
mod history;
mod hold;
mod journal;
mod lifecycle;
mod passport;
mod profile;
mod register;
mod rotate;
mod scope;
mod sitting;
mod status;
mod unfinished;
mod uninstall;
mod usage;
mod verify;
mod wizard;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::estate::site::Missing;
use crate::ui::tui::{Theme, prefer};
use crate::wizard::CONFIGURE;

/// The value of `mode` by which an estate is installed.
const INSTALL: &str = "install";
use exit::Exit;
use failure::Failure;
use scope::Scope;

/// Put one shared secret into every product that must hold it, register each, verify, or put everything back.
///
/// Without a verb the full-screen wizard opens; with `--plain` it asks line by line.
#[derive(Debug, Parser)]
#[command(name = "countersign", version, propagate_version = true, disable_help_subcommand = true)]
pub struct Cli {
    /// Print results as JSON on standard output.
    #[arg(long, global = true)]
    json: bool,
    /// The estate's folder [default: `$COUNTERSIGN_ESTATE`, else ./estate]
    #[arg(long, global = true, value_name = "DIR")]
    estate: Option<PathBuf>,
    /// Ask line by line instead of on a full screen: for screen readers and serial lines
    #[arg(long)]
    plain: bool,
    /// Draw with ASCII characters alone, also where the locale promises more
    #[arg(long, global = true)]
    ascii: bool,
    /// Colours of full screens [default: `$COUNTERSIGN_THEME`, mono with `NO_COLOR`, else terminal]
    #[arg(long, global = true, value_name = "THEME", hide_default_value = true)]
    theme: Option<Theme>,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Install an estate: from an answer file, else with the wizard
    Install(sitting::Sitting),
    /// Change an installed estate: secret, host, ports, domain, CSD, components
    Configure(sitting::Sitting),
    /// Change the secret in every place, or go back to the one before
    Rotate(rotate::Rotate),
    /// Tell whether every place holds the authority's secret
    Check(check::Check),
    /// Ask every probe: ports, login, keystores, engines, a document, a wrong secret
    Verify,
    /// Tell what runs, what is registered and what is aligned
    Status(status::Status),
    /// Find what keeps components from registering or from being believed, and tell what to do about it
    Doctor(doctor::Doctor),
    /// Start what is stopped, the authority first
    Start,
    /// Stop what runs, the authority last
    Stop,
    /// Drive, poll or re-trigger one component's registration
    Register(register::Register),
    /// Finish a change that was interrupted
    Resume,
    /// Undo a change that was interrupted
    Rollback,
    /// Stop everything and remove the estate
    Uninstall(uninstall::Uninstall),
    /// Show the journal of the latest change
    Journal(journal::Journal),
    /// Show every run of this estate, one line each
    History,
    /// What is known of products: list, show, validate, begin or adopt profiles
    Profile(profile::Profile),
    /// The embedded authority
    Passport(passport::Passport),
    /// The embedded engines
    B2bi(b2bi::B2bi),
    /// API Gateway's authentication repositories
    Gateway(gateway::Gateway),
    /// Print the completions of a shell
    Completions(completions::Completions),
    /// The wizard's last pages
    #[command(hide = true)]
    GoOn(wizard::GoOn),
    /// A product's start, as long as it takes
    #[command(hide = true)]
    Hold(hold::Hold),
}

/// Parses, runs, and says how it ended.
pub fn main() -> Exit {
    crate::secret::harden_process();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage::answer(&error),
    };
    let mut scope = Scope::new(cli.json, cli.estate);
    scope.plain = cli.plain;
    (scope.theme, scope.ascii) = (cli.theme, cli.ascii);
    prefer(cli.theme, cli.ascii);
    let taken_up = match &cli.verb {
        Some(verb) if !verb.works_on_the_estate() => Ok(()),
        // What the site did not say is asked there; and what was begun without it can be settled without it.
        None | Some(Verb::Resume | Verb::Rollback) => scope.take_up(Missing::LeftOpen),
        Some(_) => scope.take_up(Missing::Refused),
    };
    taken_up.map_err(Into::into).and_then(|()| run(cli.verb, &scope)).unwrap_or_else(|error| {
        let failure = Failure::from_error(error);
        scope.fail(&failure);
        failure.exit
    })
}

impl Verb {
    /// Whether it needs to know what the folder that `--estate` names is an estate of. An answer file may name another
    /// one, and whoever mends profiles reads them by himself.
    fn works_on_the_estate(&self) -> bool {
        if let Self::Doctor(verb) = self {
            return verb.works_on_the_estate();
        }
        !matches!(
            self,
            Self::Install(_)
                | Self::Configure(_)
                | Self::Profile(_)
                | Self::Passport(_)
                | Self::B2bi(_)
                | Self::Gateway(_)
                | Self::Completions(_)
                | Self::Hold(_)
        )
    }
}

fn run(verb: Option<Verb>, scope: &Scope) -> anyhow::Result<Exit> {
    match verb {
        None => wizard::run(scope),
        Some(Verb::Install(verb)) => verb.run(scope, INSTALL),
        Some(Verb::Configure(verb)) => verb.run(scope, CONFIGURE),
        Some(Verb::Rotate(verb)) => verb.run(scope),
        Some(Verb::Check(verb)) => verb.run(scope),
        Some(Verb::Verify) => verify::run(scope),
        Some(Verb::Status(verb)) => verb.run(scope),
        Some(Verb::Doctor(verb)) => verb.run(scope),
        Some(Verb::Start) => lifecycle::start(scope),
        Some(Verb::Stop) => lifecycle::stop(scope),
        Some(Verb::Register(verb)) => verb.run(scope),
        Some(Verb::Resume) => unfinished::resume(scope),
        Some(Verb::Rollback) => unfinished::rollback(scope),
        Some(Verb::Uninstall(verb)) => verb.run(scope),
        Some(Verb::Journal(verb)) => verb.run(scope),
        Some(Verb::History) => history::run(scope),
        Some(Verb::Profile(verb)) => verb.run(scope),
        Some(Verb::Passport(verb)) => verb.run(scope),
        Some(Verb::B2bi(verb)) => verb.run(scope),
        Some(Verb::Gateway(verb)) => verb.run(scope),
        Some(Verb::Completions(verb)) => Ok(verb.run()),
        Some(Verb::GoOn(verb)) => verb.run(scope),
        Some(Verb::Hold(verb)) => verb.run(),
    }
}
