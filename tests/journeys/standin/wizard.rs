//! Changing the secret of a site on a terminal: in both wizards, and from a file with one consent.

use std::fs;

use portable_pty::CommandBuilder;

use super::change::registrations;
use super::faults::is_put_back;
use super::site::{FIRST, SECOND, Site};
use crate::plain::{is_plain, talk};
use crate::terminal::Terminal;
use crate::walk::{DOWN, ENTER, Screen, TAB};

/// Control and C.
const QUIT: &str = "\u{3}";

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

/// Walks to Review, with this secret typed and the one in use.
fn to_review(terminal: &mut Terminal, secret: &str, in_use: &str) {
    terminal.see("Welcome");
    terminal.press(ENTER);
    terminal.see("all or none   not verified");
    terminal.see("Not verified: this profile was not tried on the real product.");
    terminal.press(ENTER);
    terminal.see("Which folder was PassPort installed into?");
    terminal.press(ENTER);
    terminal.see("Which folder was the B2Bi Server installed into?");
    terminal.press(ENTER);
    terminal.see("The vendor's, as it is installed here");
    assert!(!terminal.screen().contains("The one that this program carries"), "{}", terminal.screen());
    terminal.press(ENTER);
    terminal.see("Where the secret comes from.");
    if terminal.screen().contains("● Keep the present secret") {
        terminal.press(DOWN);
        terminal.press(" ");
    } else {
        terminal.press(TAB);
    }
    terminal.see("Secret in use now");
    assert!(!terminal.screen().contains("Generate"), "{}", terminal.screen());
    type_twice(terminal, secret);
    terminal.press(TAB);
    type_twice(terminal, in_use);
    for page in ["Integrator holds", "Interchange holds", "Alignment", "Review"] {
        terminal.press(ENTER);
        terminal.see(page);
    }
    terminal.see("2 runs of an installer");
}

fn type_twice(terminal: &mut Terminal, secret: &str) {
    terminal.press(secret);
    terminal.see("must be typed a second time");
    terminal.press(ENTER);
    terminal.paste(secret);
    terminal.see("the same in both lines");
    terminal.press(TAB);
}

#[test]
fn in_the_wizard_both_secrets_are_typed_and_the_plan_is_agreed_to() {
    let site = Site::running();
    let mut terminal = started(&site, &[]);
    to_review(&mut terminal, SECOND, FIRST);
    terminal.press(ENTER);
    terminal.see("Apply");
    terminal.press("y");
    terminal.see("5 of 5 probes ok");
    terminal.see("Enter next");
    terminal.press(ENTER);
    terminal.see("With the old secret Integrator and Interchange were refused in between.");
    terminal.press(ENTER);
    assert_eq!(terminal.end(), 0, "{}", terminal.screen());
    is_changed(&site);
}

#[test]
fn in_the_wizard_a_change_that_fails_is_put_back_and_the_doctor_looks_where_there_is_a_record() {
    let site = Site::running();
    let failed = |secret, in_use| {
        site.fault("b2bi", "fail-half");
        let mut terminal = started(&site, &[]);
        to_review(&mut terminal, secret, in_use);
        terminal.press(ENTER);
        terminal.see("Your consent");
        terminal.press("y");
        terminal.see("It failed, and everything was put back");
        terminal
    };
    let left = |mut terminal: Terminal| {
        terminal.press(QUIT);
        terminal.see("Leave?");
        terminal.press("y");
        assert_eq!(terminal.end(), 1, "{}", terminal.screen());
    };
    // The first change makes the records; with them put back the doctor has nothing to go by.
    let mut terminal = failed(SECOND, FIRST);
    terminal.see("What now:  Enter back to Review  l log");
    left(terminal);
    is_put_back(&site);

    let (code, outcome) = site.change(&[]);
    assert_eq!(code, 0, "{outcome:#}");
    let mut terminal = failed(FIRST, SECOND);
    terminal.see("What now:  Enter back to Review  d doctor  l log");
    terminal.press("d");
    for told in
        ["fine: integrator", "fine: interchange", "its log says: ", "(Registration) - registered; ", "nothing found"]
    {
        terminal.see(told);
    }
    left(terminal);
    site.holds(SECOND);
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
fn in_the_plain_wizard_the_same_is_asked_and_what_the_profile_does_not_say() {
    let site = Site::running();
    let profile = site.path("estate/profiles/b2bi.toml");
    let whole = fs::read_to_string(&profile).expect("read");
    let open: String =
        whole.lines().filter(|line| !line.starts_with("start = ")).map(|line| format!("{line}\n")).collect();
    fs::write(&profile, open).expect("written");
    let refused = site.run(&["status"]);
    assert!(refused.code == 3 && refused.stderr.contains("values.start is missing"), "{refused:#?}");

    let start = site.path("b2bi/B2Bi/bin/start.sh");
    let start = start.to_str().expect("UTF-8");
    let mut terminal = started(&site, &["configure", "--plain"]);
    let components = terminal.hear("when right: ");
    assert!(components.contains("B2Bi Server, all or none, not verified:"), "{components}");
    terminal.press("\r");
    // What the profile says is shown and can be changed; what it does not say is asked.
    let passport = terminal.hear("Number to change, or Enter when right: ");
    assert!(passport.contains(&format!("1  Root: {}", site.path("passport").display())), "{passport}");
    terminal.press("\r");
    terminal.hear("Which program starts the B2Bi Server with both engines, and returns?");
    talk(&mut terminal, &[("Start []: ", "start me"), ("Start []: ", start)]);
    talk(&mut terminal, &[("or Enter when right: ", "2"), ("Other nodes [none]: ", "node-2"), ("when right: ", "")]);
    let kinds = terminal.hear("Number [1]: ");
    assert!(kinds.contains("1  The vendor's, as it is installed here") && !kinds.contains("  2  "), "{kinds}");
    terminal.press("\r");
    for question in ["Host [", "HTTPS port [", "port [", "Domain ["] {
        talk(&mut terminal, &[(question, "")]);
    }
    for (field, secret) in [("Shared secret:", SECOND), ("Secret in use now:", FIRST)] {
        terminal.hear(field);
        let ways = terminal.hear("]: ");
        assert!(!ways.contains("Generate") && !ways.contains(FIRST), "{ways}");
        terminal.press("\r");
        talk(&mut terminal, &[("Secret: ", secret), ("Once more: ", secret)]);
    }
    talk(&mut terminal, &[("Integrator's secret:", ""), ("Interchange's secret:", "")]);
    let review = terminal.hear("yes or no [no]: ");
    for told in ["2 runs of an installer", "+++ profiles/b2bi.toml", "Start: ", "Other nodes: node-2 (typed)"] {
        assert!(review.contains(told), "{told} is missing: {review}");
    }
    terminal.press("yes\r");
    terminal.hear("5 of 5 probes ok");
    terminal.hear("With the old secret Integrator and Interchange were refused in between.");
    terminal.hear("B2Bi Server on node-2");
    assert_eq!(terminal.end(), 0, "{}", terminal.written());
    is_plain(&terminal);
    assert!(!terminal.written().contains(FIRST) && !terminal.written().contains(SECOND));
    is_changed(&site);
    // The profile says it from now on, beside what it said before; the record would do the same again.
    let now = fs::read_to_string(&profile).expect("read");
    assert!(now.contains(&format!("start = \"{start}\"")) && now.contains("trading_log = '"), "{now}");
    let record = fs::read_to_string(site.path("estate/answers.toml")).expect("read");
    assert!(record.contains("[site.b2bi]") && record.contains("other_nodes = \"node-2\""), "{record}");
    assert_eq!(site.run(&["status"]).code, 0);
}

#[test]
fn values_in_an_answer_file_are_judged_in_their_place_and_go_back_with_the_change() {
    let site = Site::running();
    let given = fs::read_to_string(site.answers()).expect("read");
    let lines = given.lines().count();
    let with = |values: &str| fs::write(site.answers(), format!("{given}{values}")).expect("written");

    with("[site.b2bi]\nroot = \"here\"\nstrat = \"x\"\nstart = 7\n[site.gateway]\n");
    let refused = site.run(&["configure", "--yes", "--answers", site.answers()]);
    let told = |line: usize, text: &str| refused.stderr.contains(&format!("answers.toml:{}{text}", lines + line));
    assert_eq!(refused.code, 3, "{refused:#?}");
    assert!(told(2, ":8: site.b2bi.root must be an absolute path"), "{refused:#?}");
    assert!(told(3, ":1: site.b2bi.strat is not known; did you mean site.b2bi.start?"), "{refused:#?}");
    assert!(told(4, ":9: site.b2bi.start must be one program"), "{refused:#?}");
    assert!(told(5, ":7: site.gateway is not known; [site] takes passport, b2bi"), "{refused:#?}");

    // A program that is there and logs nobody in: the change fails, and the profile is what it was.
    let profile = site.path("estate/profiles/passport.toml");
    let before = fs::read_to_string(&profile).expect("read");
    with("[site.passport]\nlogin = \"/bin/false\"\n");
    let (code, outcome) = site.change(&[]);
    assert_eq!(code, 1, "{outcome}");
    assert_eq!(fs::read_to_string(&profile).expect("read"), before);
    site.holds(FIRST);
}
