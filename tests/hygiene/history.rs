//! What the terminal keeps of the wizard once it is gone: no secret, not even one that was shown.

use crate::estate::TestEstate;
use crate::search::Needle;
use crate::tmux::Tmux;
use crate::walk::{DOWN, ENTER, REVEAL, Screen, to_secret};

const SECRET: &str = "vX3mQ9tB7kLw2ZpR8nYc5HsD";

fn type_or_paste(tmux: &mut Tmux, give: fn(&mut Tmux)) {
    tmux.press(DOWN);
    tmux.press(" ");
    for _ in 0..2 {
        give(tmux);
        tmux.press(ENTER);
    }
    tmux.see("/12 Integrator");
    tmux.press("\u{1b}");
    tmux.see("/12 Shared secret");
}

#[test]
fn a_secret_that_was_typed_pasted_or_shown_is_not_in_the_history() {
    let secret = Needle::new(SECRET);
    for give in [|tmux: &mut Tmux| tmux.press(SECRET), |tmux: &mut Tmux| tmux.paste(SECRET)] {
        let estate = TestEstate::new();
        let mut tmux = Tmux::start();
        let (program, dir) = (crate::program().display(), estate.path(""));
        tmux.press(&format!("cd /; '{program}' --estate '{}'; echo It has en''ded.{ENTER}", dir.display()));
        to_secret(&mut tmux, &estate);
        type_or_paste(&mut tmux, give);
        assert!(secret.forms_in(tmux.history().as_bytes()).is_empty(), "it is hidden");
        // On one of its lines, and hidden again.
        tmux.press("\u{1b}[Z");
        tmux.press(REVEAL);
        tmux.see(SECRET);
        assert!(!secret.forms_in(tmux.history().as_bytes()).is_empty(), "the history does not show what is there");
        tmux.press(REVEAL);
        tmux.press(REVEAL);
        tmux.see(SECRET);
        tmux.press("\u{11}");
        tmux.see("Leave?");
        tmux.press("y");
        tmux.see("It has ended.");
        let history = tmux.history();
        assert!(history.contains("nothing was touched"), "{history}");
        assert!(secret.forms_in(history.as_bytes()).is_empty(), "the terminal keeps the secret");
    }
}
