//! `maps`: every map of the integration engine is deployed.

use serde_json::Value;

use super::{Finding, engine};
use crate::verify::target::Target;

pub(super) async fn ask(target: &Target) -> Finding {
    engine::status(target).await.map_or_else(|finding| finding, |status| judge(&status["maps"]))
}

fn judge(maps: &Value) -> Finding {
    let maps = maps.as_array().map(Vec::as_slice).unwrap_or_default();
    let name = |map: &Value| map["name"].as_str().unwrap_or("a map without a name").to_owned();
    let undeployed: Vec<String> = maps
        .iter()
        .filter(|map| map["deployed"] != true)
        .map(|map| match map["error"].as_str() {
            Some(error) => format!("{} ({error})", name(map)),
            None => name(map),
        })
        .collect();
    if !undeployed.is_empty() {
        Finding::failed(format!("not deployed: {}", undeployed.join(", ")))
    } else if maps.is_empty() {
        Finding::failed("there are no maps")
    } else {
        Finding::ok(format!("deployed: {}", maps.iter().map(name).collect::<Vec<_>>().join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn maps_that_are_not_deployed_are_named() {
        let good = json!({ "name": "order", "deployed": true, "error": null });
        let bad = json!({ "name": "invoice", "deployed": false, "error": "line 3: unexpected end" });
        assert_eq!(judge(&json!([good])), Finding::ok("deployed: order"));
        assert_eq!(judge(&json!([good, bad])), Finding::failed("not deployed: invoice (line 3: unexpected end)"));
        assert_eq!(judge(&json!([])), Finding::failed("there are no maps"));
    }
}
