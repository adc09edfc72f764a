//! A running server's certificate: renewed before it ends, and shown from then on.

use std::sync::Arc;
use std::time::Duration;

use super::holding::Holding;
use crate::registration::renew::time_left;
use crate::registration::shown::Shown;

/// How long it looks away at most: another process may renew, and a machine may sleep.
const LOOK: Duration = Duration::from_hours(1);
/// How long it waits at least between two attempts; twice as long after each that did not help.
const AGAIN: Duration = Duration::from_mins(1);

/// Keeps the certificate that is shown a valid one, until the task is dropped.
pub async fn keep(held: Arc<Holding>, shown: Arc<Shown>) {
    let mut least = Duration::ZERO;
    loop {
        let left = held.material().map_or(Duration::ZERO, |material| time_left(&material));
        tokio::time::sleep(left.clamp(least, LOOK)).await;
        let material = held.renewed().await;
        let helped = material.as_ref().is_some_and(|material| !material.is_due());
        least = if helped { AGAIN } else { (least * 2).clamp(AGAIN, LOOK) };
        if let Some(material) = material.filter(|material| !shown.is(material)) {
            held.tell_shown(shown.exchange(&material));
        }
    }
}
