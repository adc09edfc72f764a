//! The plans of changing the secret, and the steps that other plans change it with. The order, and whether a product
//! reloads or is stopped, come from the profiles.

use std::path::{Path, PathBuf};

use crate::estate::ComponentHome;
use crate::profile::Strategy;

use super::install::{process, running_of};
use super::written::{Way, way, write};
use super::{Plan, Step, TakeOver};

/// The kind of the probe that logs in as an administrator.
const LOGIN: &str = "login";

/// A change of the secret as the authority knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The authority's administration socket.
    pub socket: PathBuf,
    /// The change's random name.
    pub name: String,
    /// Id of the secret that is the current one before the change.
    pub current: String,
}

/// An estate whose secret is changed.
#[derive(Clone, Copy)]
pub struct Here<'a> {
    /// Its folder, absolute.
    pub dir: &'a Path,
    /// Its components, in the order in which they start.
    pub components: &'a [ComponentHome],
    /// Ids of those whose process runs.
    pub running: &'a [String],
}

/// Overlap: the next secret beside the current one, component after component, promotion. The previous one stays
/// accepted for `window` seconds from the commit on.
pub fn overlap(here: Here, change: &Change, window: u64) -> Plan {
    let mut steps = vec![change.add_next()];
    steps.extend(here.holders().flat_map(|holder| here.move_over(holder)));
    steps.push(change.promote(None));
    here.plan(steps, vec![change.settle(Some(window))])
}

/// Going back within the window: an overlap whose next secret is the retiring one, `to`.
pub fn back(here: Here, change: &Change, to: &str) -> Plan {
    // Promoted first: the authority then has no reason to retire it while components are moved.
    let mut steps = vec![change.promote(Some(to))];
    steps.extend(here.holders().flat_map(|holder| here.move_over(holder)));
    here.plan(steps, vec![change.settle(None)])
}

/// Cutover, in the vendor's documented order: the authority first and a login, then every component while it is
/// stopped. With `see_refused` each is started with the old secret in between, to see it refused.
pub fn cutover(here: Here, change: &Change, see_refused: bool) -> Plan {
    let processes = || here.holders().filter(|holder| holder.component.process);
    let stopped = processes().filter(|holder| here.runs(holder)).map(process).collect::<Vec<_>>();
    let mut steps: Vec<Step> = stopped.into_iter().rev().map(Step::Stop).collect();
    steps.push(change.replace());
    steps.extend(here.login());
    if see_refused {
        steps.extend(processes().map(process).map(Step::SeeRefused));
    }
    steps.extend(here.holders().map(|holder| write(holder, Vec::new())));
    steps.extend(processes().map(process).map(Step::Start));
    here.plan(steps, vec![change.settle(None)])
}

/// Following an authority on another host, where the secret was changed already.
pub fn follow(here: Here) -> Plan {
    here.plan(here.holders().flat_map(|holder| here.move_over(holder)).collect(), Vec::new())
}

/// Writing the secret for the next enrolment with a foreign authority, which takes no proofs: nobody needs it before.
pub fn put(here: Here) -> Plan {
    here.plan(here.holders().map(|holder| write(holder, Vec::new())).collect(), Vec::new())
}

/// Whether the secret of every one of these components can be changed this way.
pub fn can(components: &[ComponentHome], strategy: Strategy) -> bool {
    components.iter().filter(|component| component.component.holds_secret).all(|holder| {
        let registration = holder.product.profile.registration.as_ref();
        registration.is_some_and(|registration| registration.strategy.contains(&strategy))
    })
}

impl Change {
    /// The next secret is accepted beside the current one.
    pub fn add_next(&self) -> Step {
        let Self { socket, name, current } = self.clone();
        Step::AddNext { socket, change: name, current }
    }

    /// The next secret, or the retiring one `to`, becomes the current one.
    pub fn promote(&self, to: Option<&str>) -> Step {
        let Self { socket, name, current } = self.clone();
        Step::Promote { socket, change: name, current, to: to.map(str::to_owned) }
    }

    /// The new secret takes the place of the current one.
    pub fn replace(&self) -> Step {
        let Self { socket, name, current } = self.clone();
        Step::ReplaceSecret { socket, change: name, current }
    }

    /// After the commit: what the change left is retired, at once or after `window` seconds.
    pub fn settle(&self, window: Option<u64>) -> Step {
        Step::SettleSecret { socket: self.socket.clone(), change: self.name.clone(), window }
    }
}

impl<'a> Here<'a> {
    /// The components that hold the secret.
    pub fn holders(self) -> impl Iterator<Item = &'a ComponentHome> {
        self.components.iter().filter(|component| component.component.holds_secret)
    }

    /// Brings one component to the secret while the authority accepts it: its process reloads, or is stopped
    /// meanwhile where the product cannot, or is started afterwards where it did not run.
    pub fn move_over(self, component: &ComponentHome) -> Vec<Step> {
        let process = process(component);
        if !component.component.process {
            return vec![write(component, Vec::new())];
        }
        if !self.runs(component) {
            return vec![write(component, Vec::new()), Step::Start(process)];
        }
        match (way(component.product.profile), component.reload_command()) {
            (Way::Reload, Some(command)) => vec![write(component, vec![TakeOver::Reload(process, command)])],
            (Way::Restart, _) => vec![write(component, vec![TakeOver::Restart(process)])],
            (Way::ByItself, _) => vec![write(component, Vec::new())],
            (Way::Stopped | Way::Reload, _) => {
                vec![Step::Stop(process.clone()), write(component, Vec::new()), Step::Start(process)]
            }
        }
    }

    fn runs(self, component: &ComponentHome) -> bool {
        self.running.iter().any(|id| id == component.id())
    }

    /// The authority's own probe that logs in.
    fn login(self) -> Option<Step> {
        let authority = self.components.iter().map(|component| component.product.profile);
        let mut probes = authority.filter(|profile| profile.is_authority()).flat_map(|profile| &profile.probe);
        probes.find(|probe| probe.kind == LOGIN).map(|probe| Step::Probe { id: probe.id.clone() })
    }

    /// These steps, then proof that all is well; and what follows the commit.
    fn plan(self, mut steps: Vec<Step>, finish: Vec<Step>) -> Plan {
        steps.extend([Step::Check, Step::Verify]);
        let running = running_of(self.components, self.running);
        Plan { act: "rotate".into(), dir: self.dir.to_path_buf(), steps, finish, running, ..Plan::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estate::home::components;

    const ALL: [&str; 5] = ["passport", "integrator", "interchange", "b2bi", "b2bi-server"];

    fn planned(selected: &[&str], running: &[&str], make: impl Fn(Here) -> Plan) -> Vec<String> {
        let own = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let (dir, running) = (Path::new("/e"), own(running));
        let components = components(dir, &own(selected));
        let plan = make(Here { dir, components: &components, running: &running });
        let finish = plan.finish.iter().map(|step| format!("then {}", step.describe(dir)));
        plan.steps.iter().map(|step| step.describe(dir)).chain(finish).collect()
    }

    fn change() -> Change {
        Change { socket: "/e/passport/run/admin.sock".into(), name: "c-1".into(), current: "s-1".into() }
    }

    #[test]
    fn overlap_moves_running_components_between_next_and_promotion() {
        assert_eq!(
            planned(&ALL, &ALL[..3], |here| overlap(here, &change(), 86_400)),
            [
                "Have PassPort accept the next secret beside the current one",
                "Move Integrator to the new secret and prove it",
                "Move Interchange to the new secret and prove it",
                "Make the next secret PassPort's current one",
                "Check every place",
                "Verify the estate",
                "then Begin the window of the previous secret",
            ]
        );
        assert_eq!(
            planned(&ALL, &ALL[..3], |here| back(here, &change(), "s-0")),
            [
                "Make the previous secret PassPort's current one again",
                "Move Integrator to the new secret and prove it",
                "Move Interchange to the new secret and prove it",
                "Check every place",
                "Verify the estate",
                "then Retire the secret that was replaced",
            ]
        );
    }

    #[test]
    fn cutover_stops_what_runs_and_sets_the_authority_first() {
        let steps = planned(&ALL, &["passport", "integrator"], |here| cutover(here, &change(), true));
        assert_eq!(
            steps,
            [
                "Stop Integrator",
                "Set the new secret at PassPort in place of the old one",
                "Probe passport-login-system",
                "See Integrator refused with the old secret",
                "See Interchange refused with the old secret",
                "Write the new secret for Integrator",
                "Write the new secret for Interchange",
                "Start Integrator",
                "Start Interchange",
                "Check every place",
                "Verify the estate",
                "then Retire the secret that was replaced",
            ]
        );
    }

    #[test]
    fn following_asks_nothing_of_the_authority_and_starts_what_is_stopped() {
        assert_eq!(
            planned(&ALL[1..], &["interchange"], follow),
            [
                "Write the new secret for Integrator",
                "Start Integrator",
                "Move Interchange to the new secret and prove it",
                "Check every place",
                "Verify the estate",
            ]
        );
    }

    #[test]
    fn the_embedded_products_can_do_both() {
        let selected = ALL.map(str::to_owned);
        let components = components(Path::new("/e"), &selected);
        assert!(can(&components, Strategy::Overlap) && can(&components, Strategy::Cutover));
    }
}
