//! Products whose authority is in another estate: there the secret is changed, here it is followed.

use std::path::Path;

use serde_json::json;

use crate::estate::{TestEstate, tool};
use crate::rotation::{held, id_of, rotated, source};

/// The estate of the same engines on a second host: without the authority, which both ask.
fn second_host(first: &TestEstate) -> TestEstate {
    let second = TestEstate::new();
    assert_eq!(first.run(&["b2bi", "stop"]).code, 0);
    std::fs::create_dir(second.path("")).expect("made");
    let copied = tool("cp", "coreutils", &["-a", text(&first.path("b2bi")), text(&second.path("b2bi"))]);
    assert_eq!(copied.code, 0, "{copied:#?}");
    let estate = std::fs::read_to_string(first.path("estate.toml")).expect("the record");
    let without = estate.replace("\"passport\", ", "");
    assert_ne!(estate, without);
    std::fs::write(second.path("estate.toml"), without).expect("written");
    for estate in [first, &second] {
        let started = estate.run(&["start"]);
        assert_eq!(started.code, 0, "{started:#?}");
    }
    second
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

#[test]
fn a_rotation_elsewhere_is_followed_with_the_secret_that_was_set_there() {
    let first = TestEstate::installed();
    let second = second_host(&first);
    let before = held(&second);
    let refused = |flags: &[&str], text: &str| {
        let ended = second.run(&[&["rotate", "--yes"], flags].concat());
        assert_eq!(ended.code, 3, "{ended:#?}");
        assert!(ended.stderr.contains(text), "{}", ended.stderr);
        assert!(held(&second).same_as(&before));
    };
    refused(&[], "--secret-from");
    refused(&["--back"], "is not in this estate");
    refused(&["--strategy", "overlap"], "is not in this estate");
    let new = source(&first, "correct horse battery staple");
    refused(&["--secret-from", &new], "does not accept this secret");

    rotated(&first, &["--secret-from", &new]);
    let pids = second.pids();
    assert!(id_of(&second, &before).is_some(), "the second estate goes on within the window");
    let outcome = rotated(&second, &["--secret-from", &new]);
    assert_eq!(outcome["restarted"], json!([]));
    assert_eq!(held(&second).expose(), "correct horse battery staple");
    assert_eq!(second.pids(), pids);
    let (code, check) = second.json(&["check"]);
    assert_eq!((code, &check["aligned"]), (0, &json!(true)), "{check:#}");
    let (code, outcome) = second.json(&["rotate", "--yes", "--secret-from", &new]);
    assert_eq!((code, &outcome["result"]), (0, &json!("nothing to do")), "{outcome:#}");
}
