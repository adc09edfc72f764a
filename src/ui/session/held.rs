//! What the places of an estate hold.

use std::path::Path;
use std::sync::Arc;

use super::Refusal;
use crate::alignment;
use crate::estate::record::Estate;
use crate::secret::Secret;

/// The secret of a place that the authority accepts as `current`, or at all where that is not known. `accepted_as` asks it,
/// once for each secret that is found.
pub(super) fn accepted(
    dir: &Path,
    estate: &Estate,
    current: Option<&str>,
    accepted_as: impl Fn(&Secret) -> Result<Option<String>, Refusal>,
) -> Result<Option<Arc<Secret>>, Refusal> {
    let mut asked: Vec<Secret> = Vec::new();
    for secret in alignment::read_each(dir, estate).into_iter().flatten() {
        if asked.iter().any(|before| before.same_as(&secret)) {
            continue;
        }
        if accepted_as(&secret)?.is_some_and(|id| current.is_none_or(|current| id == current)) {
            return Ok(Some(Arc::new(secret)));
        }
        asked.push(secret);
    }
    Ok(None)
}

/// Whether every place holds this secret; why not, else.
pub(super) fn everywhere(dir: &Path, estate: &Estate, secret: &Secret) -> Result<(), String> {
    for held in alignment::read_each(dir, estate) {
        if !held?.same_as(secret) {
            return Err("another place holds another secret".to_owned());
        }
    }
    Ok(())
}
