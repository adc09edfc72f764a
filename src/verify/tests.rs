//! The verification of estates in which nothing runs.

use super::*;
use crate::estate::home::components;
use crate::estate::record;
use crate::registration::site::{Pending, Site};
use crate::registration::state::State;
use crate::registration::wire::Bytes;

/// An estate with these components, and the sites of those that register.
fn estate(dir: &Path, selected: &[&str]) -> Vec<Site> {
    let estate = Estate {
        format: 1,
        components: selected.iter().map(|id| (*id).to_owned()).collect(),
        authority: record::Authority {
            kind: "embedded".into(),
            host: "localhost".into(),
            https_port: 6453,
            client_auth_port: 6666,
            domain: "Synchrony".into(),
        },
    };
    std::fs::write(dir.join(FILE), estate.to_toml()).expect("written");
    let homes = components(dir, &estate.components);
    let sites: Vec<Site> = homes.iter().flat_map(|component| component.sites(&estate.authority)).collect();
    for site in &sites {
        crate::fs::create_folders(&site.conf).expect("made");
    }
    sites
}

/// Leaves what an unfinished registration leaves.
fn leave(site: &Site, status: State) {
    let request_id = Some("r-1".into());
    let pending = Pending { request_id, request: Bytes(vec![48]), ca: None, status, ask_after: None };
    let [csrid, ..] = site.temporaries();
    std::fs::write(csrid, serde_json::to_vec(&pending).expect("json")).expect("written");
}

fn verdict(report: &Report, id: &str) -> (Verdict, String) {
    let probe = report.probes.iter().find(|probe| probe.id == id).expect("asked");
    (probe.verdict, probe.detail.clone())
}

#[test]
fn what_is_stopped_has_failed_and_every_result_is_told_once() {
    let dir = tempfile::tempdir().expect("a folder");
    estate(dir.path(), &["passport", "integrator", "interchange", "b2bi", "b2bi-server"]);
    let mut told = Vec::new();
    let report = verify_with(dir.path(), &mut |probe| told.push(probe.id.clone())).expect("verified");
    assert!(!report.ok && !report.pending);
    assert_eq!(report.failed().count(), 13);
    for id in ["passport-https", "passport-no-certificate", "integrator-ready", "b2bi-maps"] {
        assert_eq!(verdict(&report, id), (Verdict::Failed, "not running: countersign start".into()), "{id}");
    }
    assert!(verdict(&report, "b2bi-document").1.starts_with("Integrator is not running"));
    assert!(verdict(&report, "integrator-keystore").1.contains("countersign register integrator"));
    let mut ids: Vec<String> = report.probes.iter().map(|probe| probe.id.clone()).collect();
    ids.sort();
    told.sort();
    assert_eq!(told, ids);
}

#[test]
fn a_pending_registration_is_no_failure_but_a_refused_one_is() {
    let dir = tempfile::tempdir().expect("a folder");
    let sites = estate(dir.path(), &["integrator", "interchange", "b2bi", "b2bi-server"]);
    leave(&sites[0], State::WaitingValidation);
    let report = verify(dir.path()).expect("verified");
    // The other one was not begun, since the first ended the run.
    assert!(report.pending && !report.ok);
    assert_eq!(report.failed().count(), 0);
    assert_eq!(verdict(&report, "interchange-keystore"), (Verdict::CannotTell, "registration pending".into()));
    assert_eq!(verdict(&report, "b2bi-document"), (Verdict::CannotTell, "registration pending".into()));

    leave(&sites[0], State::ValidationRefused);
    let report = verify(dir.path()).expect("verified");
    assert!(!report.pending);
    let (verdict, detail) = verdict(&report, "integrator-keystore");
    assert_eq!(verdict, Verdict::Failed);
    assert!(detail.contains("Validation Refused"), "{detail}");
}

#[test]
fn without_an_estate_it_says_where_none_is() {
    let dir = tempfile::tempdir().expect("a folder");
    let error = verify(dir.path()).expect_err("nothing is there");
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
    assert!(error.to_string().contains("estate.toml"));
}
