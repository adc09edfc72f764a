//! `ready`: an engine runs, is registered and takes work.

use serde_json::Value;

use super::{Finding, engine};
use crate::verify::target::Target;

pub(super) async fn ask(target: &Target) -> Finding {
    engine::status(target).await.map_or_else(|finding| finding, |status| judge(&status))
}

fn judge(status: &Value) -> Finding {
    let registration = status["registration"].as_str().unwrap_or("unknown");
    if status["ready"] == true {
        Finding::ok(format!("takes work; registration: {registration}"))
    } else {
        Finding::failed(format!("runs but takes no work; registration: {registration}"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::verify::Verdict;

    #[test]
    fn only_a_clear_yes_is_ready() {
        for (ready, verdict) in
            [(json!(true), Verdict::Ok), (json!(false), Verdict::Failed), (json!(1), Verdict::Failed)]
        {
            assert_eq!(judge(&json!({ "ready": ready, "registration": "Registered" })).verdict, verdict);
        }
    }
}
