//! `tables`: the engines' database has the tables of this version.

use serde_json::Value;

use super::{Finding, engine};
use crate::verify::target::Target;

pub(super) async fn ask(target: &Target) -> Finding {
    engine::status(target).await.map_or_else(|finding| finding, |status| judge(&status["tables"]))
}

fn judge(tables: &Value) -> Finding {
    let version = &tables["version"];
    if tables["current"] == true {
        Finding::ok(format!("version {version}, current"))
    } else {
        Finding::failed(format!("version {version} is not the current one: countersign stop, then start"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::verify::Verdict;

    #[test]
    fn tables_must_say_that_they_are_current() {
        assert_eq!(judge(&json!({ "version": 2, "current": true })), Finding::ok("version 2, current"));
        assert_eq!(judge(&json!({ "version": 1, "current": false })).verdict, Verdict::Failed);
        assert_eq!(judge(&Value::Null).verdict, Verdict::Failed);
    }
}
