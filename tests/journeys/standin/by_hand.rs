//! The ordered change as people do it, without Countersign: what the stand-in does is what a site sees.

use super::site::{FIRST, SECOND, Site};

#[test]
fn a_made_site_lists_its_products_and_both_engines_register_at_the_start() {
    let site = Site::made(&["--installer", "4.9"]);
    let listed = site.script("passport/display.sh", &[]).stdout + &site.script("b2bi/display.sh", &[]).stdout;
    assert!(listed.contains("PassPort 4.6.0 (stand-in)") && listed.contains("B2Bi 2.3.1 (stand-in)"), "{listed}");
    assert_ne!(site.passport("status").code, 0);

    assert_eq!(site.passport("start").code, 0);
    assert_eq!(site.passport("status").code, 0);
    let login = site.passport("login");
    assert_eq!((login.code, login.stdout.trim()), (0, "system can log in at Synchrony"));
    assert_ne!(site.b2bi("status").code, 0);
    site.b2bi("start");
    assert_eq!(site.b2bi("status").code, 0);
    for log in ["IE.log", "TE.log"] {
        let text = site.log(log);
        assert!(text.contains("(Registration) - registered; the certificate is in "), "{log}: {text}");
    }
    for (act, after) in [(site.b2bi("stop"), site.b2bi("status")), (site.passport("stop"), site.passport("status"))] {
        assert!(act.code == 0 && after.code != 0, "{act:?} {after:?}");
    }
}

#[test]
fn the_secret_stands_in_no_file_in_the_clear_while_the_products_run() {
    let site = Site::running();
    assert_eq!(site.files_with(FIRST), Vec::<std::path::PathBuf>::new());
    let recorded = site.masters("passport").pop().expect("recorded");
    let product = recorded.with_file_name("Install_PassPort_V4.6.0.properties");
    let text = std::fs::read_to_string(product).expect("read");
    assert!(text.contains("StandInSharedSecretConf.Format = AES128"), "{text}");
}

#[test]
fn the_ordered_change_is_refused_in_between_and_accepted_after() {
    let site = Site::running();
    site.b2bi("stop");
    site.passport("stop");

    let configured = site.configure("passport", SECOND);
    assert_eq!(configured.code, 0);
    let summary = "Summary\nThe information below summarizes the installation status. Refer to install.log for more";
    assert!(configured.stdout.contains(summary), "{}", configured.stdout);
    assert!(configured.stdout.ends_with("Product: PassPort_V4.6.0\n"), "{}", configured.stdout);
    assert_eq!(site.passport("start").code, 0);
    assert_eq!(site.passport("login").code, 0);

    assert_eq!(site.b2bi("start").code, 0, "a product's start tells nothing of its registration");
    assert_ne!(site.b2bi("status").code, 0);
    for log in ["IE.log", "TE.log"] {
        let text = site.log(log);
        let last = text.lines().rev().nth(1).unwrap_or_default();
        assert!(last.contains("self-registration failed: authorization refused"), "{log}: {text}");
    }

    let configured = site.configure("b2bi", SECOND);
    assert!(configured.stdout.ends_with("Product: B2Bi_V2.3.1\n"), "{}", configured.stdout);
    site.b2bi("start");
    assert_eq!(site.b2bi("status").code, 0, "{}", site.log("IE.log"));
    assert_eq!(site.files_with(SECOND), Vec::<std::path::PathBuf>::new());
    assert_eq!(site.masters("b2bi").len(), 2, "each run records its silent files");
}

#[test]
fn an_installer_that_fails_half_way_leaves_one_engine_behind() {
    let site = Site::running();
    site.b2bi("stop");
    site.fault("b2bi", "fail-half");
    let configured = site.configure("b2bi", SECOND);
    assert!(configured.code == 0 && configured.stdout.contains("\nError: the fault fail-half"), "{configured:?}");

    site.b2bi("start");
    let (integration, trading) = (site.log("IE.log"), site.log("TE.log"));
    assert!(integration.contains("self-registration failed"), "{integration}");
    assert!(!trading.contains("self-registration failed"), "{trading}");
    // The fault happens once: the same run again, with the old secret, puts it right.
    site.b2bi("stop");
    site.configure("b2bi", FIRST);
    site.b2bi("start");
    assert_eq!(site.b2bi("status").code, 0);
    assert!(site.log("IE.log").ends_with("Integrator is ready\n"), "{}", site.log("IE.log"));
}

#[test]
fn a_kit_installs_from_its_silent_file_and_is_uninstalled() {
    let site = Site::made(&["--kit", "--installer", "4.8"]);
    assert!(!site.path("passport").exists());
    let master = site.masters("kit/passport").pop().expect("a silent file");
    let setup = site.script("kit/passport/setup.sh", &["-s", master.to_str().expect("UTF-8")]);
    assert!(setup.stdout.ends_with("Product: PassPort_V4.6.0\n"), "{setup:?}");
    assert_eq!(site.passport("start").code, 0);
    let again = site.script("kit/passport/setup.sh", &["-s", master.to_str().expect("UTF-8")]);
    assert!(again.stdout.contains("Error: ") && again.stdout.contains(" is there already"), "{again:?}");
    let gone = site.script("passport/uninstall.sh", &[]);
    assert!(gone.stdout.ends_with("Uninstalled: PassPort_V4.6.0\n"), "{gone:?}");
    assert!(!site.path("passport").exists());
}
