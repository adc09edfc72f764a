//! Commands are argument lists, and no secret stands in them.

use super::Spot;
use crate::tree::Collector;

/// Endings of argument names behind which a secret would stand.
const SECRET_WORDS: [&str; 6] = ["secret", "password", "passwd", "passphrase", "passwort", "pwd"];

pub(super) fn check(root: &Spot<'_>, problems: &mut Collector) {
    for command in all(root) {
        let arguments: Vec<Spot<'_>> = command.items().collect();
        if let Some(program) = arguments.first() {
            check_program(program, arguments.len() == 1, problems);
        }
        for (at, argument) in arguments.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|before| arguments[before].node.text());
            if argument.text().is_some_and(|text| gives_a_secret(text, before)) {
                let rule = "looks like a secret, and everybody on the host can read arguments: commands get it by \
                            standard input";
                argument.note(problems, rule);
            }
        }
    }
}

/// Every command of a profile.
fn all<'a>(root: &Spot<'a>) -> Vec<Spot<'a>> {
    let alone = [
        "lifecycle.init",
        "lifecycle.start",
        "lifecycle.stop",
        "lifecycle.reload",
        "lifecycle.status",
        "installer.install",
        "installer.configure",
        "installer.uninstall",
        "registration.command",
        "connection.show",
        "connection.change",
    ];
    let mut commands: Vec<Spot<'_>> = alone.into_iter().filter_map(|path| root.get(path)).collect();
    for place in root.list("place") {
        commands.extend(["read", "write"].into_iter().filter_map(|key| place.get(key)));
    }
    commands.extend(root.list("probe").filter_map(|probe| probe.get("command")));
    commands.extend(root.list("detect.commands"));
    commands
}

fn check_program(program: &Spot<'_>, alone: bool, problems: &mut Collector) {
    let Some(text) = program.node.text() else { return };
    if text.is_empty() {
        program.note(problems, "must be a program, not empty");
    } else if alone && text.contains(' ') && !text.contains('{') {
        program.note(problems, "is a whole line: write the program and each argument by itself, as no shell reads it");
    } else if text.contains('/') && !text.starts_with(['/', '{']) {
        program.note(problems, "must be a program by its absolute path, by a bare name, or beginning with {home}");
    }
}

/// Whether an argument is a secret by what it says of itself, or by the argument before it.
fn gives_a_secret(text: &str, before: Option<&str>) -> bool {
    if let Some((name, value)) = text.split_once(['=', ':'])
        && is_secret_word(name)
    {
        return !value.is_empty() && !value.starts_with(['/', '@']);
    }
    let named = before.is_some_and(|before| before.starts_with('-') && is_secret_word(before));
    named && !text.starts_with('-') && !text.starts_with('/')
}

fn is_secret_word(name: &str) -> bool {
    let name = name.to_lowercase();
    SECRET_WORDS.iter().any(|word| name.ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::gives_a_secret;

    #[test]
    fn secrets_in_arguments_are_known_by_their_names() {
        for text in ["--password=hunter2", "shared_secret=x", "CG_SharedSecret:x", "--pwd={word}"] {
            assert!(gives_a_secret(text, None), "{text}");
        }
        assert!(gives_a_secret("hunter2", Some("--password")));
        assert!(gives_a_secret("{word}", Some("-passwd")));
    }

    #[test]
    fn where_a_secret_comes_from_is_no_secret() {
        for text in ["--password-file=/run/x", "--password=/run/x", "secret", "--secret-from", "https://x/secret", "="]
        {
            assert!(!gives_a_secret(text, Some("--from")), "{text}");
        }
        assert!(!gives_a_secret("/run/x", Some("--password")));
        assert!(!gives_a_secret("--other", Some("--password")));
        assert!(!gives_a_secret("stdin", Some("--secret-from")));
    }
}
