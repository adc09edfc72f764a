//! `wrong-secret`: a proof that is none is refused.

use super::Finding;
use crate::registration::prove::forge;
use crate::verify::target::Target;

pub(super) async fn ask(target: &Target) -> Finding {
    match forge(&target.peer()).await {
        Ok(401) => Finding::ok("a forged proof is refused"),
        Ok(429) => Finding::cannot_tell("too many failed proofs wait at the authority: try again later"),
        Ok(status @ 200..300) => Finding::failed(format!("a forged proof is ACCEPTED: HTTP {status}")),
        Ok(status) => Finding::failed(format!("a forged proof is answered with HTTP {status} instead of 401")),
        Err(error) => Finding::cannot_tell(error.to_string()),
    }
}
