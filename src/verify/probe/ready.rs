//! `ready`: an engine runs, is registered and takes work.

use serde_json::Value;

use super::{Finding, engine};
use crate::verify::target::Target;

pub(super) async fn ask(target: &Target) -> Finding {
    engine::status(target).await.map_or_else(|finding| finding, |status| judge(&status))
}

fn judge(status: &Value) -> Finding {
    if let Some(repositories) = status["repositories"].as_array() {
        return of_repositories(status, repositories);
    }
    let registration = status["registration"].as_str().unwrap_or("unknown");
    if status["ready"] == true {
        Finding::ok(format!("takes work; registration: {registration}"))
    } else {
        Finding::failed(format!("runs but takes no work; registration: {registration}"))
    }
}

/// What takes work by repositories takes it by all of them that are the estate's.
fn of_repositories(status: &Value, repositories: &[Value]) -> Finding {
    let ours = || repositories.iter().filter(|one| one["elsewhere"] != true);
    if status["ready"] != true {
        return Finding::failed("runs but takes no work");
    }
    match ours().find(|one| one["serves"] != true) {
        Some(one) => {
            let text = |key: &str| one[key].as_str().unwrap_or("unknown").to_owned();
            Finding::failed(format!("{}: serves nobody: {}", text("repository"), text("detail")))
        }
        None => Finding::ok(match ours().count() {
            1 => "takes work; its repository serves".to_owned(),
            count => format!("takes work; {count} repositories serve"),
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::verify::Verdict;

    #[test]
    fn every_repository_of_the_estate_must_serve() {
        let one = |elsewhere: bool, serves: bool| json!({ "repository": "a", "elsewhere": elsewhere, "serves": serves, "detail": "why" });
        let judged = |all: &[Value]| judge(&json!({ "ready": true, "repositories": all }));
        assert_eq!(judged(&[one(false, true), one(true, false)]).verdict, Verdict::Ok);
        let failed = judged(&[one(false, true), one(false, false)]);
        assert_eq!((failed.verdict, failed.detail.as_str()), (Verdict::Failed, "a: serves nobody: why"));
    }

    #[test]
    fn only_a_clear_yes_is_ready() {
        for (ready, verdict) in
            [(json!(true), Verdict::Ok), (json!(false), Verdict::Failed), (json!(1), Verdict::Failed)]
        {
            assert_eq!(judge(&json!({ "ready": ready, "registration": "Registered" })).verdict, verdict);
        }
    }
}
