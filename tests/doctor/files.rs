//! Troubles in the files of this host.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use countersign::doctor::codes::Code;

use crate::bench::Bench;

pub const KEYSTORE: [Code; 4] = [Code::Fine, Code::KeystoreUnreadable, Code::LeftoverTemporaries, Code::OpenToOthers];
pub const PLACE: [Code; 6] = [
    Code::PlaceUnreadable,
    Code::OpenToOthers,
    Code::WrongSecret,
    Code::ProcessStopped,
    Code::AuthorityStopped,
    Code::Fine,
];

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, Permissions::from_mode(mode)).expect("set");
}

/// Goes on while a file is elsewhere.
fn without<T>(bench: &mut Bench, path: &Path, look: impl FnOnce(&mut Bench) -> T) -> T {
    let aside = path.with_extension("aside");
    std::fs::rename(path, &aside).expect("moved");
    let seen = look(bench);
    std::fs::rename(aside, path).expect("moved back");
    seen
}

#[test]
fn keystores_and_what_lies_beside_them() {
    let mut bench = Bench::new();
    let (keystore, password) = (bench.keystore(""), bench.keystore(".pass"));
    let unreadable = |bench: &mut Bench, words: &str| {
        bench.tells("integrator", 4, Code::KeystoreUnreadable, "trouble", words);
    };
    let whole = std::fs::read(&keystore).expect("a keystore");
    std::fs::write(&keystore, &whole[..whole.len() / 2]).expect("written");
    unreadable(&mut bench, "is damaged");
    std::fs::write(&keystore, &whole).expect("written");
    without(&mut bench, &password, |bench| unreadable(bench, "has no password file"));
    set_mode(&password, 0o644);
    unreadable(&mut bench, "chmod 600");
    set_mode(&password, 0o600);
    set_mode(&keystore, 0o644);
    bench.tells("integrator", 0, Code::OpenToOthers, "warning", "chmod 600");
    set_mode(&keystore, 0o600);
    for name in [".csrid", ".key", ".pub", ".next.key", ".next.csrid"] {
        let left = bench.keystore(name);
        std::fs::write(&left, "").expect("written");
        let words = left.file_name().expect("a name").to_string_lossy().into_owned();
        bench.tells("integrator", 4, Code::LeftoverTemporaries, "trouble", &words);
        std::fs::remove_file(left).expect("removed");
    }
    let bare = keystore.with_extension("");
    std::fs::write(&bare, "").expect("written");
    bench.tells("integrator", 4, Code::LeftoverTemporaries, "trouble", "left over: keystore_integrator_localhost");
    bench.run(&["register", "integrator"], 0);
    assert!(!bare.exists(), "the remedy clears it away");
    bench.tells("integrator", 0, Code::Fine, "fine", "Registered");
    bench.ended(&KEYSTORE);
}

#[test]
fn places_and_processes() {
    let mut bench = Bench::new();
    let place = bench.estate.path("b2bi/Integrator/conf/passport-access.properties");
    without(&mut bench, &place, |bench| {
        bench.tells("integrator", 4, Code::PlaceUnreadable, "trouble", "the file is not there");
    });
    bench.while_changed(
        &place,
        |text| text.replace("passport.shared.secret", "another.key"),
        |bench| bench.tells("integrator", 4, Code::PlaceUnreadable, "trouble", "is not in it"),
    );
    set_mode(&place, 0o644);
    bench.tells("integrator", 0, Code::OpenToOthers, "warning", "0644");
    set_mode(&place, 0o600);
    bench.while_changed(
        &place,
        |text| text.replace("passport.shared.secret=", "passport.shared.secret=x").replace("secret = ", "secret = x"),
        |bench| {
            bench.tells("integrator", 4, Code::WrongSecret, "trouble", "does not accept this secret");
            let found = bench.finds(&["integrator"], 4, &[("integrator", Code::WrongSecret, "trouble")]);
            assert!(found[0]["remedy"].as_str().is_some_and(|text| text.contains("passport-access.properties")));
        },
    );
    bench.run(&["b2bi", "stop", "--engine", "integrator"], 0);
    bench.tells("integrator", 4, Code::ProcessStopped, "trouble", "does not run");
    bench.finds(&["interchange"], 0, &[("interchange", Code::Fine, "fine")]);
    bench.run(&["stop"], 0);
    let stopped = bench.finds(&[], 4, &[("passport", Code::AuthorityStopped, "trouble")]);
    assert!(stopped[0]["remedy"].as_str().is_some_and(|text| text.contains("`countersign start`")));
    let text = bench.run(&["doctor"], 4);
    assert!(text.contains("✗ trouble  CS-D20-authority-stopped  passport"), "{text}");
    assert!(text.contains("1 trouble; more of a code: countersign doctor --explain CODE"), "{text}");
    bench.run(&["start"], 0);
    bench.finds(&[], 0, &[("integrator", Code::Fine, "fine"), ("interchange", Code::Fine, "fine")]);
    bench.ended(&PLACE);
}

#[test]
fn what_is_not_there_and_what_a_code_means() {
    let bench = Bench::new();
    let text = bench.run(&["doctor", "nobody"], 3);
    assert!(text.contains("nobody is neither a component nor a repository"), "{text}");
    let text = bench.run(&["doctor", "--explain", "clock-ahead"], 0);
    assert!(text.starts_with("CS-D01-clock-ahead: ") && text.contains("What to do: "), "{text}");
    assert!(bench.run(&["doctor", "--list"], 0).contains("CS-D14-port-closed"));
    bench.run(&["doctor", "--explain", "CS-D99"], 2);
}
