//! What the full screen offers when a run did not end well: the doctor at a key.

use std::fs;

use crate::estate::{TestEstate, free_ports};
use crate::screen::CONFIG;
use crate::terminal::Terminal;
use crate::walk::{ENTER, Screen, to_another_port};

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
