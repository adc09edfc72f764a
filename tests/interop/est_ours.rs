//! Our EST client against our own EST server, as if it were a foreign one.

use countersign::registration::enrol::register;
use countersign::registration::renew::{Renewal, renew, use_renewed};
use countersign::registration::state::State;
use rustls_pki_types::{CertificateDer, pem::PemObject};
use serde_json::Value;

use crate::est::Est;
use crate::fixture::SECRET;
use crate::foreign::{Component, secret};

#[tokio::test]
async fn our_client_enrols_waits_and_renews_at_our_own_server() {
    let est = Est::ready().await;
    est.authority.set_property("am.registration.signing", "manual").await;
    est.authority.set_property("am.registration.cert.signature.wait.time", "0").await;
    est.authority.set_property("am.registration.certificate.validity", "5m").await;
    let ca = CertificateDer::from_pem_slice(&est.file("ca.pem")).expect("a CA");
    let component = Component::new(est.authority.https_port, &ca);
    let (site, signer) = (&component.site, &component.signer);

    let waits = register(site, signer, &secret(SECRET)).await.expect("answered");
    assert_eq!(waits.state, State::Submitted);
    let requests: Value = serde_json::from_str(&est.verb(&["requests", "--json"]).await).expect("JSON");
    assert_eq!(requests.as_array().map(Vec::len), Some(1), "however often it is asked for: {requests}");
    est.verb(&["approve", requests[0]["id"].as_str().expect("an id")]).await;
    assert_eq!(register(site, signer, &secret(SECRET)).await.expect("answered").state, State::Registered);

    // Backdated, so that less than a third is left at once.
    est.authority.set_property("am.registration.signing", "auto").await;
    est.authority.set_property("am.registration.certificate.validity", "90d").await;
    let first = site.material().expect("opens").expect("there");
    let renewed = renew(site, signer, &secret("not even used")).await.expect("renewed");
    assert!(matches!(renewed, Renewal::Renewed(_)), "{renewed:?}");
    assert!(use_renewed(site, signer, &secret("not even used")).await.expect("believed"));
    let second = site.material().expect("opens").expect("there");
    assert!(second.leaf() != first.leaf() && !second.is_due());
}
