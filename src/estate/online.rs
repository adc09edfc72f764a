//! Places that only a product's own commands reach. A secret goes to them by standard input and comes back by standard
//! output, a line each.

use std::time::Duration;

use zeroize::Zeroizing;

use super::capture::{Captured, End, capture, capture_output};
use super::command::Input;
use crate::secret::Secret;

/// The exit code by which a command that reads says that the product refuses the secret that it was given.
pub const REFUSED: i32 = 4;

/// What a command that reads a place tells.
pub enum Answer {
    /// This stands there.
    Holds(Secret),
    /// Nothing stands there.
    Nothing,
    /// The product does not take the secret that the command was given.
    Refuses,
    /// Nobody can tell: why, in one line for people.
    Unclear(String),
}

/// Reads a place; `given` is the secret that the command needs to be let in.
pub fn read(command: &[String], given: Option<&Secret>, deadline: Duration) -> Answer {
    let input = lines(given);
    let input = if given.is_some() { Input::Text(&input) } else { Input::Nothing };
    let captured = match capture_output(command, input, deadline) {
        Ok(captured) => captured,
        Err(error) => return Answer::Unclear(format!("{} cannot be started: {error}", name(command))),
    };
    match captured.end {
        End::Code(0) => held(command, &captured),
        End::Code(REFUSED) if given.is_some() => Answer::Refuses,
        // What it printed may be the secret.
        _ => Answer::Unclear(ended(command, &captured)),
    }
}

/// Puts a secret into a place; `given` is the secret that the command needs to be let in.
///
/// # Errors
/// One line for people, with the command's last words: the caller hides secrets in it.
pub fn write(command: &[String], secret: &Secret, given: Option<&Secret>, deadline: Duration) -> Result<(), String> {
    let input = lines(std::iter::once(secret).chain(given));
    let captured = capture(command, Input::Text(&input), deadline)
        .map_err(|error| format!("{} cannot be started: {error}", name(command)))?;
    if captured.end == End::Code(0) {
        return Ok(());
    }
    let bytes = Zeroizing::new(captured.output.bytes());
    let text = String::from_utf8_lossy(&bytes);
    let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    let told = ended(command, &captured);
    Err(if last.is_empty() { told } else { format!("{told}: {last}") })
}

fn lines<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(2 * (crate::secret::MAX_LENGTH + 1)));
    for secret in secrets {
        text.push_str(secret.expose());
        text.push('\n');
    }
    text
}

/// What was printed, without the end of its line.
fn held(command: &[String], captured: &Captured) -> Answer {
    let mut bytes = Zeroizing::new(captured.output.bytes());
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    match std::str::from_utf8(&bytes) {
        Ok("") => Answer::Nothing,
        Ok(text) if !text.contains('\n') && text.len() <= crate::secret::MAX_LENGTH => {
            Answer::Holds(Secret::copy_of(text))
        }
        _ => Answer::Unclear(format!("{} printed something else than one line of text", name(command))),
    }
}

fn ended(command: &[String], captured: &Captured) -> String {
    let name = name(command);
    match captured.end {
        End::Code(code) => format!("{name} failed (exit {code})"),
        End::Signal(number) => format!("{name} was ended by signal {number}"),
        End::Late(deadline) => format!("{name} did not end within {} s and was ended", deadline.as_secs_f32()),
    }
}

fn name(command: &[String]) -> &str {
    command.first().map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(20);

    fn sh(script: &str) -> Vec<String> {
        ["sh", "-c", script].map(str::to_owned).to_vec()
    }

    fn told(script: &str, given: Option<&str>) -> String {
        let given = given.map(Secret::copy_of);
        match read(&sh(script), given.as_ref(), SOON) {
            Answer::Holds(secret) => format!("holds {}", secret.expose()),
            Answer::Nothing => "nothing".to_owned(),
            Answer::Refuses => "refuses".to_owned(),
            Answer::Unclear(why) => why,
        }
    }

    #[test]
    fn what_a_command_prints_is_what_stands_there_and_its_failure_repeats_nothing() {
        assert_eq!(told("echo \"a b \"; echo noise >&2", None), "holds a b ");
        assert_eq!(told("IFS= read -r given; printf %s \"$given\"", Some("x\\y")), "holds x\\y");
        assert_eq!(told("exit 4", Some("x")), "refuses");
        assert_eq!(told("exit 4", None), "sh failed (exit 4)");
        assert_eq!(told("cat; exit 3", Some("hunter2")), "sh failed (exit 3)");
        assert_eq!(told("echo; exit 0", None), "nothing");
        assert_eq!(told("printf 'a\\nb\\n'", None), "sh printed something else than one line of text");
    }

    #[test]
    fn the_new_secret_comes_first_and_the_one_in_use_behind_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let kept = dir.path().join("kept");
        let (new, old) = (Secret::copy_of("new one"), Secret::copy_of("old"));
        let script = sh(&format!("cat > {}", kept.display()));
        for (given, lines) in [(Some(&old), "new one\nold\n"), (None, "new one\n")] {
            write(&script, &new, given, SOON).expect("written");
            assert_eq!(std::fs::read_to_string(&kept).expect("read"), lines);
        }
        let refused = write(&sh("echo denied >&2; exit 1"), &new, None, SOON).expect_err("refused");
        assert_eq!(refused, "sh failed (exit 1): denied");
    }
}
