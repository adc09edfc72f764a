//! `countersign register`: drive, poll or re-trigger one registration.

use clap::Args;
use serde_json::json;

use super::Scope;
use super::exit::Exit;
use super::failure::Failure;
use crate::apply::history::Entry;
use crate::doctor::clock_warning;
use crate::estate::command::{Input, run};
use crate::estate::home::{ComponentHome, components};
use crate::profile::is_site;
use crate::registration::state::State;

/// Arguments of `register`.
#[derive(Debug, Args)]
pub struct Register {
    /// The component: integrator or interchange
    component: String,
    /// Set keystore and temporaries aside (dated) and register anew
    #[arg(long)]
    again: bool,
}

impl Register {
    /// Runs it.
    pub fn run(&self, scope: &Scope) -> anyhow::Result<Exit> {
        let estate = scope.estate()?;
        if is_site() {
            let text = "the products of a site register by themselves: start them with `countersign start`, and look at \
                        `countersign status`";
            return Err(Failure::refused(text).into());
        }
        let lock = scope.lock("register")?;
        let homes = components(&scope.dir(), &estate.components);
        let found = homes.iter().find_map(|home| {
            (home.id() == self.component).then(|| Some((home.register_command()?, home.site(&estate.authority)?)))?
        });
        let Some((command, site)) = found else {
            let known: Vec<&str> =
                homes.iter().filter(|home| home.register_command().is_some()).map(ComponentHome::id).collect();
            let text = format!("{} does not register: the components that do are {}", self.component, known.join(", "));
            return Err(Failure::refused(text).into());
        };
        if estate.authority.takes_proofs()
            && let Some(warning) = clock_warning(&site)
        {
            scope.note(&warning);
        }
        let command: Vec<String> = command.into_iter().chain(self.again.then(|| "--again".to_owned())).collect();
        let ended = run(&command, Input::Lock(lock.share()?))?;
        // What was set aside and given up; the last line is the reason of a failure, which is told below.
        let told = ended.said.len() - usize::from(ended.code != 0 && !ended.said.is_empty());
        ended.said[..told].iter().for_each(|line| scope.note(line));
        let state = site.state();
        let result = if ended.code == 0 || state.is_pending() { state.to_string() } else { "failed".to_owned() };
        scope.remember(&Entry { component: Some(self.component.clone()), ..Entry::new("register", &result) });
        lock.release()?;
        let text = match (&state, ended.code) {
            (_, 0) => format!("{}: {state}", self.component),
            (state, _) => state.message().filter(|_| state.is_pending()).unwrap_or_else(|| ended.message.clone()),
        };
        scope.print(&text, &json!({ "component": self.component, "status": state, "message": ended.message }));
        Ok(match state {
            State::Registered if ended.code == 0 => Exit::Done,
            _ => Exit::from_code(ended.code),
        })
    }
}
