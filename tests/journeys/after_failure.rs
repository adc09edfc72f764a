//! What the full screen offers when a run did not end well: the doctor at a key, and the way to finish what is committed.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};

use portable_pty::CommandBuilder;

use crate::estate::{TestEstate, free_ports};
use crate::nobody::{NOBODY, NobodysEstate, is_root};
use crate::screen::CONFIG;
use crate::terminal::Terminal;
use crate::walk::{DOWN, ENTER, Screen, to_another_port};

const ESC: &str = "\u{1b}";
/// Control and C.
const QUIT: &str = "\u{3}";

#[test]
fn an_engine_does_not_start_all_is_put_back_and_the_doctor_tells_how_the_estate_is() {
    let estate = TestEstate::installed();
    let [_, port] = free_ports();
    // The engine wants the port that the authority gets: only with the authority on its old one it can start.
    let config = estate.path(CONFIG);
    let text = fs::read_to_string(&config).expect("read");
    fs::write(&config, text.replace("exchange_port = 0", &format!("exchange_port = {port}"))).expect("written");
    let mut terminal = Terminal::wizard(&estate, 24, 80, &[]);
    to_another_port(&mut terminal, port);
    terminal.press(ENTER);
    terminal.see("Your consent");
    terminal.press("y");
    terminal.see("It failed, and everything was put back");
    for told in ["exchange_port", "What now:", "Enter back to Review  d doctor"] {
        terminal.see(told);
    }
    terminal.press("d");
    for told in ["fine: integrator, interchange", "Registered; its certificate is valid", "nothing found"] {
        terminal.see(told);
    }
    // Something goes wrong while that is read.
    assert_eq!(estate.run(&["b2bi", "stop", "--engine", "interchange"]).code, 0);
    terminal.press("r");
    for told in ["trouble: interchange", "it is registered, and does not run", "What to do: ", "1 trouble"] {
        terminal.see(told);
    }
    terminal.press(ESC);
    terminal.see("What now:");
    terminal.press("?");
    terminal.see("d       doctor");
    terminal.press(ESC);
    terminal.see("What now:");
    terminal.press(ENTER);
    terminal.see("is in use: stop what listens there");
    terminal.press(QUIT);
    terminal.see("Leave?");
    terminal.press("y");
    assert_eq!(terminal.end(), 1, "{}", terminal.screen());
    assert_eq!(estate.run(&["start"]).code, 0);
    assert_eq!(estate.json(&["check"]).1["aligned"], true);
}

/// The wizard, as a user without privileges opens it.
fn opened_by(nobodys: &NobodysEstate) -> Terminal {
    let command = nobodys.command();
    let mut wizard = CommandBuilder::new(command.get_program());
    wizard.args(command.get_args());
    wizard.env_clear();
    wizard.env("TERM", "xterm-256color");
    wizard.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    Terminal::start(wizard, 24, 80)
}

#[test]
fn what_a_committed_change_left_undone_is_finished_at_one_key_once_it_can_be() {
    let nobodys = NobodysEstate::installed();
    // Nobody may remove what is in there, not even its owner.
    let stuck = nobodys.estate.path("b2bi/stuck");
    let mode = |mode| fs::Permissions::from_mode(mode);
    fs::create_dir_all(stuck.join("below")).expect("made");
    if is_root() {
        chown(&stuck, Some(NOBODY), Some(NOBODY)).expect("given away");
    }
    fs::set_permissions(&stuck, mode(0o500)).expect("closed");
    let mut terminal = opened_by(&nobodys);
    terminal.see("Configure may change");
    terminal.press(ENTER);
    terminal.see("[x] B2Bi Server");
    terminal.press(&[DOWN, DOWN, " "].concat());
    terminal.see("[ ] B2Bi Server");
    for page in ["Synchrony", "Keep the present secret", "Alignment", "Enter apply"] {
        terminal.press(ENTER);
        terminal.see(page);
    }
    terminal.press(ENTER);
    terminal.see("Your consent");
    terminal.press("y");
    for told in ["Committed, but what follows is not finished", "f finish it"] {
        terminal.see(told);
    }
    terminal.press("f");
    terminal.see("It is committed; only what follows is missing.");
    let journal = nobodys.estate.path("journal");
    let aside = || fs::read_dir(&journal).expect("read").flatten().find(|one| one.path().join("b2bi/stuck").exists());
    let moved = aside().expect("what is left").path();
    fs::set_permissions(moved.join("b2bi/stuck"), mode(0o700)).expect("opened");
    terminal.see("Enter finish it");
    terminal.press(ENTER);
    terminal.see("Only what follows the commit is done.");
    terminal.press("y");
    terminal.see("Enter next  Esc back  l log");
    for page in ["No selected component registers.", "Verification", "Done: the estate is changed and verified."] {
        terminal.press(ENTER);
        terminal.see(page);
    }
    terminal.press(ENTER);
    assert_eq!(terminal.end(), 0, "{}", terminal.screen());
    assert!(aside().is_none() && !nobodys.estate.path("b2bi").exists());
    assert_eq!(nobodys.run(&["verify"]).code, 0);
}
