//! What proves at the end of a change that all is well: everything, or what can be asked while something is stopped.

use super::Work;
use crate::estate::ComponentHome;
use crate::plan::Step;
use crate::profile::Probe;

/// Kinds of probes that one component answers: its files alone, and its process.
const KEYSTORE: &str = "keystore";
const READY: &str = "ready";

impl Work<'_> {
    /// The last steps. What was stopped stays stopped, so only what will run is asked.
    pub(super) fn proofs(&self) -> Vec<Step> {
        if self.new.iter().all(|one| !one.component.process || self.will_run(one)) {
            return vec![Step::Check, Step::Verify];
        }
        let mut steps = Vec::new();
        for product in self.products(&self.new, &[]) {
            let asked = product.profile.probe.iter().filter(|probe| self.can_answer(product.profile, probe));
            steps.extend(asked.map(|probe| Step::Probe { id: probe.id.clone() }));
        }
        steps
    }

    fn can_answer(&self, profile: &crate::profile::Profile, probe: &Probe) -> bool {
        let of_product = || {
            self.new.iter().filter(|one| one.product.profile.product.id == profile.product.id && one.component.process)
        };
        match probe.kind.as_str() {
            KEYSTORE => true,
            READY => of_product().any(|one| one.id() == probe.target && self.will_run(one)),
            _ => of_product().all(|one| self.will_run(one)),
        }
    }

    fn will_run(&self, component: &ComponentHome) -> bool {
        self.runs(component) || (!component.is_authority() && self.added().any(|added| added.id() == component.id()))
    }
}
