//! What the full screen shows anew by itself, without any key: the places under Alignment, the registrations that wait.

use serde_json::json;

use crate::console::request;
use crate::estate::{TestEstate, free_ports};
use crate::terminal::Terminal;
use crate::walk::{ENTER, Screen, to_another_port};

#[test]
fn a_place_that_changes_under_the_alignment_page_turns_its_cell() {
    let estate = TestEstate::installed();
    let place = estate.path("b2bi/Integrator/conf/passport-access.properties");
    let right = std::fs::read_to_string(&place).expect("the place");
    let mut terminal = Terminal::wizard(&estate, 24, 80, &[]);
    terminal.see("Configure may change");
    for page in ["Components", "Authority", "Keep the present secret", "Integrator", "Interchange", "Alignment"] {
        terminal.press(ENTER);
        terminal.see(page);
    }
    terminal.see("[4/4]");
    std::fs::write(&place, right.replace("passport.shared.secret=", "passport.shared.secret=x")).expect("written");
    terminal.see("[3/4]");
    terminal.see("differs");
    std::fs::write(&place, &right).expect("put back");
    terminal.see("[4/4]");
    assert_eq!(estate.run(&["b2bi", "stop", "--engine", "interchange"]).code, 0);
    terminal.see("can't tell");
    assert_eq!(estate.run(&["start"]).code, 0);
    terminal.see("[4/4]");
    terminal.press("\u{3}");
    assert_eq!(terminal.end(), 3, "{}", terminal.screen());
}

#[test]
fn registrations_that_wait_are_asked_about_until_somebody_decides() {
    let estate = TestEstate::installed();
    assert_eq!(estate.run(&["passport", "property", "set", "am.registration.signing", "manual"]).code, 0);
    let [_, port] = free_ports();
    let mut terminal = Terminal::wizard(&estate, 24, 80, &[]);
    to_another_port(&mut terminal, port);
    terminal.press(ENTER);
    terminal.see("Your consent");
    terminal.press("y");
    terminal.see("asked again by itself");
    for (engine, name) in [("integrator", "Integrator"), ("interchange", "Interchange")] {
        terminal.see(&format!("{name}: Waiting Signing"));
        let id = request(&estate, engine)["id"].as_str().expect("an id").to_owned();
        assert_eq!(estate.run(&["passport", "approve", &id]).code, 0);
        terminal.see(&format!("{name}: Registered"));
    }
    terminal.see("Every component is registered by now");
    terminal.press("\u{3}");
    assert_eq!(terminal.end(), 6, "{}", terminal.screen());
    assert_eq!(estate.run(&["start"]).code, 0);
    assert_eq!(estate.json(&["verify"]).1["ok"], true);
    assert_eq!(estate.json(&["status"]).1["authority"]["client_auth_port"], json!(port));
}
