//! What the stand-in's installer refuses: Summary says it, `install.log` says it, nothing is changed, and it ends with 0.

use std::fs;
use std::path::Path;

use super::site::{FIRST, SECOND, Site};

/// Runs Configure mode with a silent file that was spoilt; returns what was refused.
fn refused(site: &Site, product: &str, silent: &str) -> String {
    let kept = || {
        let conf = ["b2bi/B2Bi/Integrator/conf", "b2bi/B2Bi/Interchange/conf", "passport/PassPort/conf"];
        conf.map(|folder| fs::read(site.path(folder).join("shared-secret.enc")).expect("read"))
    };
    let before = kept();
    let ended = site.script(&format!("{product}/configure.sh"), &["-s", silent]);
    assert_eq!(ended.code, 0, "there is no contract about exit codes");
    assert!(kept() == before, "a refused run changes nothing: {ended:?}");
    let error =
        ended.stdout.lines().find_map(|line| line.strip_prefix("Error: ")).unwrap_or_else(|| panic!("{ended:?}"));
    let log = fs::read_to_string(site.path(product).join("install.log")).expect("read");
    assert!(
        log.lines().last().unwrap_or_default().ends_with(&format!(" - ERROR - configure failed: {error}")),
        "{log}"
    );
    error.to_owned()
}

#[test]
fn a_configuration_with_only_some_of_the_four_modules() {
    let site = Site::new();
    for module in ["Integrator", "Interchange", "B2Bi", "B2BiServer"] {
        let only_three =
            |text: String| text.replace(&format!("StandIn{module} = true"), &format!("StandIn{module} = false"));
        let silent = site.silent("b2bi", SECOND, only_three);
        let error = refused(&site, "b2bi", &silent);
        assert_eq!(error, format!("the update needs all four modules, and these are not selected: {module}"));
    }
}

#[test]
fn a_silent_file_that_cannot_be_used() {
    let site = Site::new();
    let whole = |text: String| text;
    let silent = site.silent("b2bi", SECOND, whole);
    let part = Path::new(&silent).with_file_name("Install_B2Bi_V2.3.1.properties");
    let part = part.to_str().expect("UTF-8");

    assert_eq!(refused(&site, "b2bi", "silent.properties"), "the path of the silent file must be absolute");
    assert!(refused(&site, "b2bi", part).starts_with("the silent file must be the installer's own"));

    let cases: [(&str, &str, &str); 5] = [
        ("StandInTradingSharedSecretConf = ", "StandInTradingSharedSecretConf = x", "are not the same"),
        ("StandInB2Bi = true", "StandInB2Bi = true\nStandInB2Bi = true", "the variable StandInB2Bi stands there twice"),
        (
            "StandInIntegrationSharedSecret = ",
            "StandInIntegrationSharedSecret.Format = AES128\nStandInIntegrationSharedSecret = ",
            "StandInIntegrationSharedSecret holds no value that can be read",
        ),
        (
            "StandInIntegrationSharedSecret = ",
            "StandInIntegrationSharedSecret.Format = DES\nStandInIntegrationSharedSecret = ",
            "StandInIntegrationSharedSecret has a format that is not known",
        ),
        (
            "StandInTradingSharedSecret = ",
            "StandInOther = ",
            "StandInTradingSharedSecret holds no value that can be read",
        ),
    ];
    for (from, to, why) in cases {
        let silent = site.silent("b2bi", SECOND, |text| text.replacen(from, to, 1));
        let error = refused(&site, "b2bi", &silent);
        assert!(error.ends_with(why), "{error}");
    }

    fs::remove_file(part).expect("removed");
    assert_eq!(refused(&site, "b2bi", &silent), "Install_B2Bi_V2.3.1.properties is included and does not exist");
}

#[test]
fn windows_line_ends_and_comments_are_no_mistake() {
    let site = Site::new();
    let silent = site.silent("b2bi", FIRST, |text| format!("# a comment\n{text}").replace('\n', "\r\n"));
    let ended = site.script("b2bi/configure.sh", &["-s", &silent]);
    assert!(ended.stdout.ends_with("Product: B2Bi_V2.3.1\n"), "{ended:?}");
}

#[test]
fn success_that_is_printed_and_failure_that_is_logged() {
    let site = Site::new();
    site.fault("b2bi", "print-success-write-failure");
    let ended = site.configure("b2bi", SECOND);
    assert!(ended.stdout.ends_with("Product: B2Bi_V2.3.1\n"), "{ended:?}");
    let log = fs::read_to_string(site.path("b2bi/install.log")).expect("read");
    assert!(log.lines().last().unwrap_or_default().contains(" - ERROR - "), "{log}");
}
