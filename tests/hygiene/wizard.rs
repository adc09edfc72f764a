//! What the wizard's memory holds: the secret until the change stands, and nothing of it on the last page.

use crate::estate::TestEstate;
use crate::places;
use crate::search::{Hit, Needle};
use crate::terminal::Terminal;
use crate::walk::{DOWN, ENTER, REVEAL, Screen, to_done, to_review, to_secret};

const SECRET: &str = "vX3mQ9tB7kLw2ZpR8nYc5HsD";

/// Installs with the wizard; what it held on Review and on the last page.
fn held(variables: &[(&str, &str)], give: impl FnOnce(&mut Terminal)) -> (TestEstate, Vec<Hit>, Vec<Hit>) {
    let estate = TestEstate::new();
    let mut wizard = Terminal::wizard(&estate, 24, 80, variables);
    to_secret(&mut wizard, &estate);
    give(&mut wizard);
    to_review(&mut wizard);
    let before = Needle::new(SECRET).in_memory(&wizard.pid());
    to_done(&mut wizard);
    let after = Needle::new(&places::secret(&estate)).in_memory(&wizard.pid());
    (estate, before, after)
}

#[test]
fn a_typed_secret_is_gone_on_the_last_page() {
    let (estate, before, after) = held(&[], |wizard| {
        wizard.press(DOWN);
        wizard.press(" ");
        wizard.press(SECRET);
        wizard.press(ENTER);
        wizard.press(SECRET);
    });
    assert!(!before.is_empty(), "the search does not find what the wizard holds");
    assert_eq!(places::secret(&estate), SECRET);
    assert_eq!(after, []);
}

#[test]
fn a_pasted_secret_that_was_shown_is_gone_on_the_last_page() {
    let (estate, before, after) = held(&[], |wizard| {
        wizard.press(DOWN);
        wizard.press(" ");
        wizard.paste(SECRET);
        wizard.press(ENTER);
        wizard.paste(SECRET);
        wizard.press(REVEAL);
        wizard.see(SECRET);
        wizard.press(REVEAL);
    });
    assert!(!before.is_empty(), "the search does not find what the wizard holds");
    assert_eq!(places::secret(&estate), SECRET);
    assert_eq!(after, []);
}

#[test]
fn a_generated_secret_is_gone_on_the_last_page() {
    let (_estate, before, after) = held(&[], |_| {});
    assert_eq!(before, [], "nobody has typed this one");
    assert_eq!(after, []);
}

#[test]
fn a_secret_from_a_variable_is_gone_on_the_last_page() {
    let (estate, before, after) = held(&[("SHARED", SECRET)], |wizard| {
        wizard.press(DOWN);
        wizard.press(DOWN);
        wizard.press(" ");
        wizard.press("env:SHARED");
    });
    assert!(!before.is_empty(), "the search does not find what the wizard holds");
    assert_eq!(places::secret(&estate), SECRET);
    assert_eq!(after, []);
}
