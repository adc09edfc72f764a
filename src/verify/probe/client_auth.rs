//! `client-auth`: the authority's other port answers whoever shows a certificate that it signed.

use super::authority::Port;
use super::{Finding, PENDING, https};
use crate::registration::material::Material;
use crate::verify::target::{Certificate, Target};

pub(super) async fn ask(target: &Target) -> Finding {
    let material = match shown(target) {
        Ok(material) => material,
        Err(finding) => return finding,
    };
    let number = target.authority().client_auth_port;
    let port = match Port::open(target, number, Some(material.ca().clone()), Some(&material)).await {
        Ok(port) => port,
        Err(reason) => return Finding::cannot_tell(reason),
    };
    match https::status(&port).await {
        Ok(_) => Finding::ok(format!("answers on {number} with a component's certificate")),
        Err(reason) => Finding::failed(format!("no good answer on {number}: {reason}")),
    }
}

/// The certificate that is shown on this port, or what to say without one.
pub(super) fn shown(target: &Target) -> Result<Box<Material>, Finding> {
    match target.certificate() {
        Certificate::Here(material) => Ok(material),
        Certificate::NotYet if target.any_pending() => Err(Finding::cannot_tell(PENDING)),
        Certificate::NotYet => Err(Finding::cannot_tell("no component has a valid certificate to show")),
        Certificate::Never => Err(Finding::not_asked("no component of this estate has a certificate to show")),
    }
}
