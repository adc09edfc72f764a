//! What a console asks for, which no verb does.

use serde_json::{Value, json};

use crate::fixture::{Authority, integrator, interchange, request};
use crate::postgres::SERVER;

impl Authority {
    async fn told(&self, request: Value) -> Value {
        self.act(request).await.expect("told")
    }

    /// What an act lists, with this limit.
    async fn some(&self, act: &str, key: &str, limit: u32) -> Vec<Value> {
        self.told(json!({ "do": act, "limit": limit, "after": 0 })).await[key].as_array().expect("a list").clone()
    }
}

#[tokio::test]
async fn a_console_is_told_how_everything_stands_and_no_more_of_a_kind_than_it_asked_for() {
    let authority = Authority::ready().await;
    authority.enrolled(&interchange()).await;
    let quiet = authority.told(json!({ "do": "overview" })).await;
    for property in ["am.registration.validation", "am.registration.signing"] {
        authority.set_property(property, "manual").await;
    }
    authority.set_property("am.registration.cert.signature.wait.time", "0").await;
    authority.enrol(&integrator(), &request().1).await.expect("taken in");

    let overview = authority.told(json!({ "do": "overview" })).await;
    let database = if std::env::var_os(SERVER).is_some() { "PostgreSQL" } else { "SQLite" };
    assert_eq!(overview["database"], json!(database));
    assert_eq!((&overview["domain"], &overview["node"]), (&json!("Synchrony"), &json!("1")));
    assert_eq!((&quiet["waiting"], &overview["waiting"]), (&json!(0), &json!(1)));
    assert_eq!((&quiet["proofs"], &overview["proofs"]), (&json!([1, 2]), &json!([2, 2])));
    assert_eq!(overview["due"], json!(0));

    // What waits comes first, however new the rest.
    let [waits] = &authority.some("requests", "requests", 1).await[..] else { panic!("one") };
    assert_eq!((&waits["component"], &waits["status"]), (&json!("integrator"), &json!("Waiting Validation")));
    assert_eq!(authority.some("requests", "requests", 9).await.len(), 2);
    for (limit, expected) in [(0, 0), (1, 1), (9, 2)] {
        assert_eq!(authority.some("component-list", "components", limit).await.len(), expected);
    }
    let issued = async |limit| {
        let all = authority.some("certificate-list", "certificates", limit).await;
        all.into_iter().filter(|one| one["name"].is_null()).map(|one| one["component"].clone()).collect::<Vec<_>>()
    };
    assert_eq!((issued(0).await, issued(9).await), (vec![], vec![json!("interchange")]));
    let properties = authority.told(json!({ "do": "property-list" })).await;
    let signing = properties["properties"].as_array().expect("a list").iter();
    let signing: Vec<_> = signing.filter(|one| one["name"] == "am.registration.signing").collect();
    assert_eq!(signing.len(), 1);
    assert_eq!((&signing[0]["value"], &signing[0]["default"]), (&json!("manual"), &json!("auto")));
    assert!(signing[0]["rule"].as_str().is_some_and(|rule| rule.contains("manual")));

    // Only what came since the last look, and of that the newest, the oldest of them first.
    let seen = quiet["newest"].as_i64().expect("a number");
    let since = authority.told(json!({ "do": "audit-rows", "after": seen, "limit": 9 })).await;
    let acts: Vec<_> = since["rows"].as_array().expect("rows").iter().map(|row| &row["row"]["act"]).collect();
    assert_eq!(acts[..3], ["property set"; 3]);
    let newest = authority.told(json!({ "do": "audit-rows", "after": seen, "limit": 1 })).await;
    let [newest] = &newest["rows"].as_array().expect("rows")[..] else { panic!("one") };
    assert_eq!((&newest["id"], Some(&&newest["row"]["act"])), (&overview["newest"], acts.last()));
}
