//! Changing the secret of a site on a terminal: in both wizards, and from a file with one consent.

use portable_pty::CommandBuilder;

use super::change::registrations;
use super::site::{FIRST, SECOND, Site};
use crate::plain::{is_plain, talk};
use crate::terminal::Terminal;
use crate::walk::{ENTER, Screen, TAB};

fn started(site: &Site, arguments: &[&str]) -> Terminal {
    let mut command = CommandBuilder::new(crate::program());
    command.args(["--estate", site.path("estate").to_str().expect("UTF-8")]);
    command.args(arguments);
    command.env_clear();
    command.env("TERM", "xterm-256color");
    command.cwd(site.path(""));
    Terminal::start(command, 40, 110)
}

fn is_changed(site: &Site) {
    site.holds(SECOND);
    for log in ["IE.log", "TE.log"] {
        assert_eq!(registrations(&site.log(log)), ["accepted", "refused", "accepted"], "{}", site.log(log));
    }
}

#[test]
fn in_the_wizard_both_secrets_are_typed_and_the_plan_is_agreed_to() {
    let site = Site::running();
    let mut terminal = started(&site, &[]);
    terminal.see("Welcome");
    terminal.press(ENTER);
    terminal.see("all or none");
    terminal.press(ENTER);
    terminal.see("The vendor's, as it is installed here");
    terminal.press(ENTER);
    terminal.see("Secret in use now");
    for secret in [SECOND, FIRST] {
        terminal.press(TAB);
        terminal.press(secret);
        terminal.see("must be typed a second time");
        terminal.press(ENTER);
        terminal.paste(secret);
        terminal.see("the same in both lines");
        terminal.press(TAB);
    }
    for page in ["Integrator holds", "Interchange holds", "Alignment", "Review"] {
        terminal.press(ENTER);
        terminal.see(page);
    }
    terminal.see("2 runs of an installer");
    terminal.press(ENTER);
    terminal.see("Apply");
    terminal.press("y");
    terminal.see("5 of 5 probes ok");
    terminal.see("Enter next");
    terminal.press(ENTER);
    terminal.see("Done");
    terminal.press(ENTER);
    assert_eq!(terminal.end(), 0, "{}", terminal.screen());
    is_changed(&site);
}

#[test]
fn line_by_line_the_plan_is_shown_and_one_consent_asked() {
    let site = Site::running();
    let mut terminal = started(&site, &["configure", "--answers", site.answers()]);
    terminal.see("? [y/N]");
    terminal.press("y\r");
    assert_eq!(terminal.end(), 0, "{}", terminal.screen());
    terminal.see("5 of 5 probes ok");
    is_changed(&site);
}

#[test]
fn in_the_plain_wizard_the_same_is_asked_line_by_line() {
    let site = Site::running();
    let mut terminal = started(&site, &["configure", "--plain"]);
    for question in ["when right: ", "Kind:", "Host [", "HTTPS port [", "port [", "Domain ["] {
        talk(&mut terminal, &[(question, "")]);
    }
    for (field, secret) in [("Shared secret:", SECOND), ("Secret in use now:", FIRST)] {
        let way = terminal.hear(field);
        assert!(!way.contains(FIRST), "{way}");
        talk(&mut terminal, &[("]: ", ""), ("Secret: ", secret), ("Once more: ", secret)]);
    }
    talk(&mut terminal, &[("Integrator's secret:", ""), ("Interchange's secret:", "")]);
    let review = terminal.hear("yes or no [no]: ");
    assert!(review.contains("2 runs of an installer"), "{review}");
    terminal.press("yes\r");
    terminal.hear("5 of 5 probes ok");
    assert_eq!(terminal.end(), 0, "{}", terminal.written());
    is_plain(&terminal);
    assert!(!terminal.written().contains(FIRST) && !terminal.written().contains(SECOND));
    is_changed(&site);
}
