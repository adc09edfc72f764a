//! The wizard's pages as a person walks through them, on whatever shows the screen.

use crate::estate::TestEstate;

/// Keys that have no character.
pub const ENTER: &str = "\r";
pub const TAB: &str = "\t";
pub const DOWN: &str = "\u{1b}[B";
/// Control and U: empties a line.
pub const EMPTY_LINE: &str = "\u{15}";
/// Control and R: shows or hides a secret.
pub const REVEAL: &str = "\u{12}";

/// A terminal with a person before it.
pub trait Screen {
    /// Waits until the screen shows a text.
    fn see(&mut self, text: &str);
    /// Presses keys.
    fn press(&mut self, keys: &str);
    /// Pastes a text, as terminals tell programs that want to know.
    fn paste(&mut self, text: &str);
}

/// Walks from Welcome to the shared secret and types this estate's ports on the way.
pub fn to_secret(screen: &mut impl Screen, estate: &TestEstate) {
    screen.see("Welcome");
    screen.press(ENTER);
    screen.see("Components");
    screen.press(ENTER);
    screen.see("Authority");
    screen.see("Synchrony");
    // Over the kind to the host, then to both ports.
    screen.press(TAB);
    for port in [estate.https_port, estate.client_auth_port] {
        screen.press(TAB);
        screen.press(EMPTY_LINE);
        screen.press(&port.to_string());
    }
    screen.press(ENTER);
    screen.see("Shared secret");
}

/// Walks from the shared secret to Review and waits for the plan.
pub fn to_review(screen: &mut impl Screen) {
    for page in ["Integrator", "Interchange", "Alignment", "Review"] {
        screen.press(ENTER);
        screen.see(page);
    }
    screen.see("registrations");
}

/// Walks over an installed estate from Welcome to Review, and gives the authority another port on the way.
pub fn to_another_port(screen: &mut impl Screen, client_auth_port: u16) {
    screen.see("Configure may change");
    screen.press(ENTER);
    screen.see("Components");
    screen.press(ENTER);
    screen.see("Synchrony");
    screen.press(&TAB.repeat(3));
    screen.press(EMPTY_LINE);
    screen.press(&client_auth_port.to_string());
    screen.press(ENTER);
    screen.see("Keep the present secret");
    to_review(screen);
}

/// Consents on Review and goes to the last page.
pub fn to_done(screen: &mut impl Screen) {
    screen.press(ENTER);
    screen.see("Apply");
    screen.press("y");
    screen.see("b2bi-document");
    screen.see("13 of 13 probes ok");
    // Not before the run is over and the program was executed anew.
    screen.see("Enter next");
    screen.press(ENTER);
    screen.see("countersign check");
}

/// Puts an interrupted change back, where that is chosen on the first page, and looks at the folder anew.
pub fn to_put_back(screen: &mut impl Screen) {
    screen.see("Enter put it back");
    screen.press(ENTER);
    screen.see("Put back the change");
    screen.press("y");
    screen.see("Everything was put back as it was before.");
    screen.see("Enter go on");
    screen.press(ENTER);
}
