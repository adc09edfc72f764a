//! Where a product says how its own registration went: what the profile says, filled in with this estate's values.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::home::{ComponentHome, ProductHome};
use crate::profile::Watch;

/// One component's log and the patterns that are looked for in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watching {
    /// Component id.
    pub component: String,
    /// The log; `*` in its last part stands for any text, then the newest file counts.
    pub log: PathBuf,
    /// How it is written: a name that `logfile` knows.
    pub encoding: String,
    /// Patterns that say that the secret was accepted.
    pub aligned: Vec<String>,
    /// Patterns that say that it was refused.
    pub differs: Vec<String>,
    /// Patterns that say that the authority holds the request.
    pub pending: Vec<String>,
    /// Seconds after a start in which one of them must appear.
    pub deadline: u64,
}

impl ProductHome {
    /// What is watched of this product, for those of its components that are among these.
    pub fn watchings(&self, components: &[String]) -> Vec<Watching> {
        let here = self.profile.component.iter().filter(|component| components.contains(&component.id));
        here.filter_map(|component| ComponentHome::new(self.clone(), component).watching()).collect()
    }
}

impl ComponentHome {
    /// What is watched of this component, where its product drives its own registration and says so in a log.
    pub fn watching(&self) -> Option<Watching> {
        let watches = &self.product.profile.registration.as_ref()?.watch;
        let watch: &Watch = watches.iter().find(|watch| watch.component == self.component.id)?;
        let patterns = self.values().in_patterns();
        Some(Watching {
            component: watch.component.clone(),
            log: self.home().join(self.values().fill(&watch.log)),
            encoding: watch.encoding.clone(),
            aligned: patterns.fill_all(&watch.aligned),
            differs: patterns.fill_all(&watch.differs),
            pending: patterns.fill_all(&watch.pending),
            deadline: watch.deadline,
        })
    }
}
