//! `https`: the authority answers on its HTTPS port, under its name once a registered keystore holds its CA.

use super::Finding;
use super::authority::{Port, why};
use crate::registration::wire::{STATUS_PATH, StatusAnswer};
use crate::verify::target::Target;

pub(super) async fn ask(target: &Target) -> Finding {
    let number = target.authority().https_port;
    let ca = target.ca();
    let pinned = ca.is_some();
    let port = match Port::open(target, number, ca, None).await {
        Ok(port) => port,
        Err(reason) => return Finding::cannot_tell(reason),
    };
    match status(&port).await {
        Ok(answer) if pinned => Finding::ok(format!("{} {} answers on {number}", answer.product, answer.version)),
        Ok(answer) => Finding::ok(format!(
            "{} {} answers on {number}; its CA is not known here yet",
            answer.product, answer.version
        )),
        Err(reason) => Finding::failed(format!("no good answer on {number}: {reason}")),
    }
}

/// What the authority says of itself.
pub(super) async fn status(port: &Port) -> Result<StatusAnswer, String> {
    let answer = port.get(STATUS_PATH).send().await.map_err(|error| why(&error))?;
    if !answer.status().is_success() {
        return Err(format!("HTTP {}", answer.status()));
    }
    answer.json().await.map_err(|_| "its answer cannot be understood".to_owned())
}
