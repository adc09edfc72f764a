//! `countersign register`: drive, poll or re-trigger one registration.

use clap::Args;
use serde_json::json;

use super::Scope;
use super::exit::Exit;
use super::failure::Failure;
use crate::apply::history::Entry;
use crate::doctor::clock_warning;
use crate::estate::command::{Ended, Input, run};
use crate::estate::home::{ComponentHome, components};
use crate::profile::is_site;
use crate::registration::state::State;

/// Arguments of `register`.
#[derive(Debug, Args)]
pub struct Register {
    /// The component: integrator, interchange or api-gateway
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
        let home = homes.iter().find(|home| home.id() == self.component && home.registers());
        let registrations = home.map_or_else(Vec::new, |home| home.registrations(&estate.authority));
        if registrations.is_empty() {
            return Err(self.nothing_to_register(home, &homes).into());
        }
        // All of them ask the same authority.
        if estate.authority.takes_proofs()
            && let Some(warning) = clock_warning(&registrations[0].1)
        {
            scope.note(&warning);
        }
        let mut driven = Vec::new();
        for (command, site) in &registrations {
            let command: Vec<String> =
                command.iter().cloned().chain(self.again.then(|| "--again".to_owned())).collect();
            let ended = run(&command, Input::Lock(lock.share()?))?;
            // What was set aside and given up; the last line is the reason of a failure, which is told below.
            let told = ended.said.len() - usize::from(ended.code != 0 && !ended.said.is_empty());
            ended.said[..told].iter().for_each(|line| scope.note(line));
            driven.push(Driven { repository: &site.repository, state: site.state(), ended });
        }
        // Those behind a failure are driven too: each is a registration of its own.
        let worst = driven.iter().max_by_key(|one| (one.failed(), one.state.weight()));
        let result = worst.map(Driven::result).unwrap_or_default();
        scope.remember(&Entry { component: Some(self.component.clone()), ..Entry::new("register", &result) });
        lock.release()?;
        let exit = worst.map_or(Exit::Done, Driven::exit);
        self.tell(scope, &driven, worst);
        Ok(exit)
    }

    fn nothing_to_register(&self, home: Option<&ComponentHome>, homes: &[ComponentHome]) -> Failure {
        if home.is_some() {
            let text = format!("{} has no repository at this authority: countersign gateway add", self.component);
            return Failure::refused(text);
        }
        let known: Vec<&str> = homes.iter().filter(|home| home.registers()).map(ComponentHome::id).collect();
        Failure::refused(format!(
            "{} does not register: the components that do are {}",
            self.component,
            known.join(", ")
        ))
    }

    /// One line each; as JSON the worst, and all where there are several.
    fn tell(&self, scope: &Scope, driven: &[Driven], worst: Option<&Driven>) {
        let several = driven.len() > 1;
        let name = |one: &Driven| {
            let id = &self.component;
            if several { format!("{id} ({})", one.repository) } else { id.clone() }
        };
        let lines: Vec<String> = driven.iter().map(|one| one.line(&name(one), several)).collect();
        let of = |one: &Driven| json!({ "status": one.state, "message": one.ended.message });
        let mut told = worst.map(of).unwrap_or_default();
        told["component"] = json!(self.component);
        if several {
            let each = |one: &Driven| {
                let mut told = of(one);
                told["repository"] = json!(one.repository);
                told
            };
            told["repositories"] = driven.iter().map(each).collect();
        }
        scope.print(&lines.join("\n"), &told);
    }
}

/// One registration that was driven once.
struct Driven<'a> {
    repository: &'a str,
    state: State,
    ended: Ended,
}

impl Driven<'_> {
    fn failed(&self) -> bool {
        self.ended.code != 0 && !self.state.is_pending()
    }

    fn result(&self) -> String {
        if self.failed() { "failed".to_owned() } else { self.state.to_string() }
    }

    fn exit(&self) -> Exit {
        match self.state {
            State::Registered if self.ended.code == 0 => Exit::Done,
            _ => Exit::from_code(self.ended.code),
        }
    }

    fn line(&self, name: &str, several: bool) -> String {
        let message = self.state.message().filter(|_| self.state.is_pending());
        match (self.ended.code, message) {
            (0, _) => format!("{name}: {}", self.state),
            (_, message) => {
                let message = message.unwrap_or_else(|| self.ended.message.clone());
                if several { format!("{name}: {message}") } else { message }
            }
        }
    }
}
