//! What a probe is pointed at, and what it needs to know of the estate.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls_pki_types::CertificateDer;

use crate::alignment::watched;
use crate::estate::home::components;
use crate::estate::record::{Authority, Estate};
use crate::estate::{ComponentHome, ProductHome};
use crate::profile::{Probe, Values};
use crate::registration::material::Material;
use crate::registration::prove::Peer;
use crate::registration::site::Site;
use crate::registration::state::State;

/// One probe's target.
#[derive(Clone)]
pub(super) struct Target {
    estate: Arc<Estate>,
    dir: PathBuf,
    /// The product that the probe belongs to.
    pub product: ProductHome,
    /// The component that it names; empty when it asks of the product itself.
    pub named: String,
    /// How long it may take.
    pub deadline: Duration,
    /// The probe as the profile has it.
    pub probe: &'static Probe,
}

/// A component's certificate, where this estate has one that can be shown.
pub(super) enum Certificate {
    /// It has.
    Here(Box<Material>),
    /// The components that register have none yet, or none that is valid.
    NotYet,
    /// No component of this estate registers.
    Never,
}

impl Target {
    pub(super) fn new(dir: &Path, estate: &Arc<Estate>, product: &ProductHome, probe: &'static Probe) -> Self {
        Self {
            estate: estate.clone(),
            dir: dir.to_path_buf(),
            product: product.clone(),
            named: probe.target.clone(),
            deadline: Duration::from_millis(probe.deadline),
            probe,
        }
    }

    /// The values for words in braces.
    pub(super) fn values(&self) -> Values {
        let values = self.component().map_or_else(|| self.product.values(), |component| component.values());
        let authority = self.authority();
        values
            .with("host", authority.host.as_str())
            .with("https_port", authority.https_port.to_string())
            .with("client_auth_port", authority.client_auth_port.to_string())
            .with("domain", authority.domain.as_str())
    }

    /// Where the authority is.
    pub(super) fn authority(&self) -> &Authority {
        &self.estate.authority
    }

    /// The component that the probe names; `None` when it is not part of this estate.
    pub(super) fn component(&self) -> Option<ComponentHome> {
        self.components().find(|component| component.id() == self.named)
    }

    /// Every component of this estate that has a process in the probe's product.
    pub(super) fn processes(&self) -> impl Iterator<Item = ComponentHome> {
        let product = self.product.profile.product.id.as_str();
        self.components()
            .filter(move |component| component.product.profile.product.id == product && component.component.process)
    }

    /// Where a component of this estate registers.
    pub(super) fn sites_of(&self, component: &ComponentHome) -> Vec<Site> {
        component.sites(self.authority())
    }

    /// Whether the authority holds any registration of this estate.
    pub(super) fn any_pending(&self) -> bool {
        self.sites().any(|site| site.state().is_pending())
            || self.components().any(|component| watched::waits(&component))
    }

    /// Whether a component waits for a registration: its own, or another's before its own was begun.
    pub(super) fn waits(&self, component: &ComponentHome) -> bool {
        let states: Vec<State> = self.sites_of(component).iter().map(Site::state).collect();
        states.iter().any(State::is_pending) || (states.contains(&State::New) && self.any_pending())
    }

    /// The first valid certificate of a component of this estate.
    pub(super) fn certificate(&self) -> Certificate {
        let mut registers = false;
        for site in self.sites() {
            registers = true;
            if let Some(material) = site.material().ok().flatten().filter(Material::valid_now) {
                return Certificate::Here(Box::new(material));
            }
        }
        if registers { Certificate::NotYet } else { Certificate::Never }
    }

    /// The authority's CA, as a keystore of this estate holds it, or an unfinished registration has pinned it.
    pub(super) fn ca(&self) -> Option<CertificateDer<'static>> {
        self.sites().find_map(|site| {
            let material = site.material().ok().flatten();
            site.peer(material.as_ref()).ca
        })
    }

    /// The authority, as somebody without a certificate asks it.
    pub(super) fn peer(&self) -> Peer<'_> {
        let authority = self.authority();
        Peer { host: &authority.host, address: None, port: authority.https_port, ca: self.ca(), material: None }
    }

    fn components(&self) -> impl Iterator<Item = ComponentHome> {
        components(&self.dir, &self.estate.components).into_iter()
    }

    fn sites(&self) -> impl Iterator<Item = Site> {
        self.components().flat_map(|component| self.sites_of(&component))
    }
}
