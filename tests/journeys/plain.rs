//! The plain wizard on a real terminal: questions and answers, line by line.

use std::fs;
use std::process::{Command, Stdio};

use portable_pty::CommandBuilder;
use serde_json::json;

use crate::documents::wait_for;
use crate::estate::{TestEstate, ended};
use crate::screen::{CONFIG, take_port};
use crate::terminal::Terminal;
use crate::walk::Screen;

/// Starts the program on a terminal of its own.
fn started(estate: &TestEstate, term: Option<&str>, arguments: &[&str]) -> Terminal {
    let mut command = CommandBuilder::new(crate::program());
    command.args(["--estate", estate.path("").to_str().expect("UTF-8")]);
    command.args(arguments);
    command.env_clear();
    if let Some(term) = term {
        command.env("TERM", term);
    }
    command.cwd(estate.folder());
    Terminal::start(command, 24, 80)
}

/// The verb that installs on this estate's ports.
fn install(estate: &TestEstate) -> Terminal {
    let (https, client_auth) = estate.port_flags();
    started(estate, Some("xterm-256color"), &["install", "--plain", "--set", &https, "--set", &client_auth])
}

/// Waits for each question and gives its reply; what was written meanwhile.
pub fn talk(terminal: &mut Terminal, replies: &[(&str, &str)]) -> String {
    let mut heard = String::new();
    for (question, reply) in replies {
        heard += &terminal.hear(question);
        terminal.press(reply);
        terminal.press("\r");
    }
    heard
}

/// No program steered the terminal.
pub fn is_plain(terminal: &Terminal) {
    let written = terminal.written();
    let drawn = |c: char| c == '\u{1b}' || ('\u{2500}'..='\u{259f}').contains(&c);
    assert!(!written.contains(drawn), "{}", written.escape_debug());
    assert!(terminal.is_as_it_was());
}

/// The questions from the components to the shared secret.
const TO_SECRET: [(&str, &str); 7] = [
    ("or Enter when right: ", ""),
    ("Number [1]: ", ""),
    ("Host [localhost]: ", ""),
    ("Domain [Synchrony]: ", ""),
    ("Component description [csd.xml]: ", ""),
    ("Listen address [127.0.0.1]: ", ""),
    ("Password of the user system:", ""),
];

#[test]
fn an_estate_is_installed_with_enter_alone_and_one_yes() {
    let estate = TestEstate::new();
    let mut terminal = install(&estate);
    let welcome = terminal.hear("Page 2 of 12: Components");
    assert!(welcome.contains("Estate folder: ") && welcome.contains("(flag)"), "{welcome}");
    let heard = talk(&mut terminal, &TO_SECRET);
    assert!(heard.contains(&format!("HTTPS port: {} (flag)", estate.https_port)), "{heard}");
    talk(&mut terminal, &[("Shared secret:", ""), ("Integrator's secret:", ""), ("Interchange's secret:", "")]);
    let review = terminal.hear("yes or no [no]: ");
    for told in ["will be aligned", "Domain: Synchrony (default)", "+++ ", " registrations"] {
        assert!(review.contains(told), "{told} is missing: {review}");
    }
    assert!(!estate.path("").exists(), "something was made before the consent");
    terminal.press("yes\r");
    terminal.hear("13 of 13 probes ok");
    terminal.hear("Done: the estate is set up and verified.");
    terminal.hear("countersign check --estate ");
    assert_eq!(terminal.end(), 0, "{}", terminal.written());
    is_plain(&terminal);
    assert_eq!(estate.json(&["status"]).1["authority"]["https_port"], json!(estate.https_port));

    // Once more: what stands there is changed, and nothing was.
    let mut terminal = started(&estate, Some("dumb"), &[]);
    terminal.hear("An estate stands there: ");
    for question in ["when right: ", "Number [1]: ", "Host [", "HTTPS port [", "port [", "Domain ["] {
        talk(&mut terminal, &[(question, "")]);
    }
    talk(&mut terminal, &[("description [", ""), ("address [", ""), ("1  Keep the present secret", "")]);
    talk(&mut terminal, &[("Integrator's secret:", ""), ("Interchange's secret:", "")]);
    terminal.hear("Nothing was changed, so there is nothing to do.");
    assert_eq!(terminal.end(), 0, "{}", terminal.written());
    is_plain(&terminal);
}

#[test]
fn some_of_four_go_together_and_back_help_and_quit_work_at_every_question() {
    let estate = TestEstate::new();
    let mut terminal = started(&estate, None, &["--plain"]);
    let list = terminal.hear("or Enter when right: ");
    assert!(list.contains("  3  [x] Interchange"), "{list}");
    terminal.press("3\r");
    let told = terminal.hear("or Enter when right: ");
    assert!(told.contains("All or none: ") && told.contains("Taken out too: Integrator"), "{told}");
    assert!(told.contains("  2  [ ] Integrator"), "{told}");
    terminal.press("2\r");
    let told = terminal.hear("or Enter when right: ");
    assert!(told.contains("Selected too: Interchange") && told.contains("  5  [x] B2Bi server"), "{told}");
    terminal.press("9\r");
    terminal.hear("Type one of the numbers above.");
    talk(&mut terminal, &[("when right: ", ""), ("  2  Any EST server", ""), ("Host [localhost]: ", "two words")]);
    terminal.hear("Host must be ");
    talk(&mut terminal, &[("Host [localhost]: ", "?")]);
    terminal.hear("The name or address");
    // Back to the one before, and to that before it.
    talk(&mut terminal, &[("Host [localhost]: ", "<"), ("Number [1]: ", "<")]);
    terminal.hear("Page 2 of 12: Components");
    talk(&mut terminal, &[("when right: ", "<")]);
    terminal.hear("This is the first question.");
    talk(&mut terminal, &[("when right: ", "q")]);
    terminal.hear("nothing was touched");
    assert_eq!(terminal.end(), 3, "{}", terminal.written());
    is_plain(&terminal);
    assert!(!estate.path("").exists());
}

#[test]
fn a_typed_secret_is_not_shown_and_leaving_there_gives_the_echo_back() {
    const SECRET: &str = "Quetzal-Zanzibar-77";
    let estate = TestEstate::new();
    let mut terminal = install(&estate);
    talk(&mut terminal, &TO_SECRET);
    talk(&mut terminal, &[("Shared secret:", "2"), ("Secret: ", SECRET), ("Once more: ", "another")]);
    terminal.hear("is not the same in both lines");
    // A secret where its source is asked is refused without a word of it, and Ctrl-C leaves.
    talk(&mut terminal, &[("Number [1]: ", "prompt"), ("Secret: ", SECRET)]);
    terminal.hear("Strength: ");
    talk(&mut terminal, &[("Once more: ", SECRET), ("Integrator's secret:", "<")]);
    terminal.hear("was typed; Enter keeps it");
    talk(&mut terminal, &[("Number [2]: ", "2")]);
    terminal.hear("Secret: ");
    terminal.press("half of it\u{3}");
    terminal.hear("nothing was touched");
    assert_eq!(terminal.end(), 3, "{}", terminal.written());
    is_plain(&terminal);
    let written = terminal.written();
    assert!(!written.contains(SECRET) && !written.contains("half of it") && !written.contains("another"), "{written}");
    assert!(!estate.path("").exists());
}

#[test]
fn a_signal_while_a_secret_is_typed_gives_the_echo_back_and_ends_as_leaving_does() {
    for signal in ["TERM", "INT", "HUP"] {
        let estate = TestEstate::new();
        let mut terminal = install(&estate);
        talk(&mut terminal, &TO_SECRET);
        talk(&mut terminal, &[("Shared secret:", "2")]);
        terminal.hear("Secret: ");
        terminal.press("half of it");
        let sent = Command::new("kill").args([&format!("-{signal}"), &terminal.pid()]).status().expect("sent");
        assert!(sent.success());
        terminal.hear("nothing was touched");
        assert_eq!(terminal.end(), 3, "{signal}: {}", terminal.written());
        is_plain(&terminal);
        assert!(!terminal.written().contains("half of it") && !estate.path("").exists());
    }
}

#[test]
fn what_is_in_the_way_leads_to_its_question() {
    let estate = TestEstate::new();
    let held = std::net::TcpListener::bind(("127.0.0.1", estate.https_port)).expect("the port");
    let mut terminal = install(&estate);
    talk(&mut terminal, &TO_SECRET);
    talk(&mut terminal, &[("Shared secret:", ""), ("Integrator's secret:", ""), ("Interchange's secret:", "")]);
    terminal.hear("In the way");
    talk(&mut terminal, &[("Enter to go to \"HTTPS port\"", "")]);
    terminal.hear(&format!("HTTPS port [{}]: ", estate.https_port));
    // Ctrl-D.
    terminal.press("\u{4}");
    assert_eq!(terminal.end(), 3, "{}", terminal.written());
    drop(held);
    is_plain(&terminal);
}

#[test]
fn an_engine_that_crashes_at_its_start_is_told_with_its_cause_and_put_back() {
    let estate = TestEstate::new();
    let mut terminal = install(&estate);
    talk(&mut terminal, &TO_SECRET);
    talk(&mut terminal, &[("Shared secret:", ""), ("Integrator's secret:", ""), ("Interchange's secret:", "")]);
    talk(&mut terminal, &[("yes or no [no]: ", "yes")]);
    let config = estate.path(CONFIG);
    let taken = take_port(&config, &wait_for(&config));
    let told = terminal.hear("everything was put back");
    assert!(told.contains("Start Integrator") && told.contains("exchange_port"), "{told}");
    assert_eq!(terminal.end(), 1, "{}", terminal.written());
    is_plain(&terminal);
    assert!(!estate.path("passport").exists() && !estate.path("b2bi").exists());
    drop(taken);
}

#[test]
fn a_change_that_is_put_back_names_who_looks_for_the_cause() {
    let estate = TestEstate::installed();
    let file = estate.folder().join("change.toml");
    let text =
        "format = 1\nmode = \"configure\"\nask = [\"authority.domain\"]\n[authority]\nhost = \"nowhere.invalid\"\n";
    fs::write(&file, text).expect("written");
    let file = file.to_str().expect("UTF-8");
    let mut terminal = started(&estate, Some("dumb"), &["configure", "--answers", file]);
    let pages = ["when right: ", "Number [1]: ", "HTTPS port [", "port [", "Domain [", "description [", "address ["];
    let secrets = ["Shared secret:", "Integrator's secret:", "Interchange's secret:"];
    talk(&mut terminal, &pages.map(|question| (question, "")));
    talk(&mut terminal, &secrets.map(|question| (question, "")));
    talk(&mut terminal, &[("yes or no [no]: ", "yes")]);
    let told = terminal.hear("everything was put back");
    assert!(told.contains("nowhere.invalid"), "{told}");
    terminal.hear("countersign doctor --estate ");
    assert_eq!(terminal.end(), 1, "{}", terminal.written());
    is_plain(&terminal);
    assert_eq!(estate.run(&["doctor"]).code, 0);
}

#[test]
fn an_interrupted_change_is_put_back_by_its_number() {
    let estate = crate::wizard::interrupted();
    let mut terminal = started(&estate, Some("dumb"), &[]);
    talk(&mut terminal, &[("2  Put everything back", "2"), ("yes or no [no]: ", "yes")]);
    terminal.hear("Everything was put back as it was before.");
    assert_eq!(terminal.end(), 0, "{}", terminal.written());
    is_plain(&terminal);
    assert!(!estate.path("passport").exists() && !estate.path("b2bi").exists());
}

#[test]
fn an_interrupted_change_is_finished_by_its_number() {
    let estate = crate::wizard::interrupted();
    let mut terminal = started(&estate, Some("dumb"), &[]);
    talk(&mut terminal, &[("2  Put everything back", "7")]);
    terminal.hear("Type one of the numbers above.");
    talk(&mut terminal, &[("2  Put everything back", "1"), ("Finish the change ", "no")]);
    terminal.hear("Nothing was done.");
    talk(&mut terminal, &[("2  Put everything back", ""), ("yes or no [no]: ", "yes")]);
    terminal.hear("13 of 13 probes ok");
    assert_eq!(terminal.end(), 0, "{}", terminal.written());
    is_plain(&terminal);
    assert_eq!(estate.json(&["verify"]).0, 0);
}

#[test]
fn fields_that_a_file_leaves_to_the_person_are_asked_and_the_others_shown() {
    let estate = TestEstate::new();
    let file = estate.folder().join("answers.toml");
    let text = "format = 1\nask = [\"authority.domain\"]\n[authority]\nhost = \"localhost\"\ndomain = \"Proposed\"\n";
    fs::write(&file, text).expect("written");
    let file = file.to_str().expect("UTF-8");
    let mut terminal = started(&estate, Some("dumb"), &["install", "--answers", file]);
    talk(&mut terminal, &[("when right: ", ""), ("Number [1]: ", "")]);
    terminal.hear("Host: localhost (answer file)");
    talk(&mut terminal, &[("HTTPS port [", ""), ("port [", ""), ("Domain [Proposed]: ", "q")]);
    assert_eq!(terminal.end(), 3, "{}", terminal.written());
}

#[test]
fn the_secret_of_an_installed_estate_is_changed_with_a_look_back_and_the_answers_saved() {
    let estate = TestEstate::installed();
    let place = || fs::read_to_string(estate.path("b2bi/Integrator/conf/passport-access.properties")).expect("a place");
    let before = place();
    let mut terminal = started(&estate, Some("dumb"), &[]);
    for question in ["when right: ", "Number [1]: ", "Host [", "HTTPS port [", "port [", "Domain ["] {
        talk(&mut terminal, &[(question, "")]);
    }
    talk(&mut terminal, &[("description [", ""), ("address [", ""), ("2  Generate a strong one", "2")]);
    talk(&mut terminal, &[("Integrator's secret:", ""), ("Interchange's secret:", "")]);
    let review = terminal.hear("yes or no [no]: ");
    assert!(review.contains("Shared secret: as it is -> a new one, generated"), "{review}");
    // To a page that was seen, and forward again.
    talk(&mut terminal, &[("", ">"), ("Page to go to: ", "6"), ("Interchange's secret:", "?")]);
    talk(&mut terminal, &[("same takes the secret", ""), ("yes or no [no]: ", "save"), ("File [answers.toml]: ", "")]);
    terminal.hear("Saved in ");
    talk(
        &mut terminal,
        &[("yes or no [no]: ", "save"), ("File [answers.toml]: ", ""), ("Replace it? yes or no", "no")],
    );
    talk(&mut terminal, &[("Nothing was written.", "yes")]);
    terminal.hear("Done: the estate is changed and verified.");
    assert_eq!(terminal.end(), 0, "{}", terminal.written());
    is_plain(&terminal);
    assert_ne!(place(), before);
    assert_eq!(estate.json(&["check"]).1["aligned"], true);
    let saved = fs::read_to_string(estate.folder().join("answers.toml")).expect("a file");
    assert!(saved.contains("mode = \"configure\""), "{saved}");
}

#[test]
fn without_a_terminal_it_says_so_and_how_to_do_without_one() {
    let estate = TestEstate::new();
    for term in ["xterm-256color", "dumb", ""] {
        for (arguments, mode) in [
            (&["--plain"][..], "install"),
            (&[], "install"),
            (&["install"], "install"),
            (&["install", "--plain"], "install"),
            (&["configure"], "configure"),
        ] {
            let ended = ended(estate.command().args(arguments).env("TERM", term).stdin(Stdio::null()));
            assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{arguments:?}: {ended:#?}");
            let way = format!("countersign {mode} --answers FILE --yes");
            assert!(ended.stderr.contains(&way) && ended.stderr.lines().count() == 1, "{arguments:?}: {ended:#?}");
            assert!(!ended.stderr.contains('\u{1b}'), "{ended:#?}");
        }
    }
}
