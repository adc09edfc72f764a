//! Running a product's commands: argument lists from a profile, with an empty environment.

use std::io;
use std::process::{Command, Stdio};

/// The exit code by which a product of ours says that the authority holds its registration.
pub const PENDING: u8 = 6;

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; 1 when a signal ended it.
    pub code: u8,
    /// The last line it wrote to standard error, for people.
    pub message: String,
}

/// Runs a command to its end. `countersign` as its first word is this very program.
///
/// # Errors
/// The command cannot be started at all.
pub fn run(argv: &[String]) -> io::Result<Ended> {
    run_with_input(argv, None)
}

/// As [`run`], with text for its standard input.
pub fn run_with_input(argv: &[String], input: Option<&str>) -> io::Result<Ended> {
    let mut command = command(argv)?;
    let mut child = command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() }).spawn()?;
    if let (Some(text), Some(mut pipe)) = (input, child.stdin.take()) {
        io::Write::write_all(&mut pipe, text.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let message = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned();
    let code = output.status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(Ended { code, message })
}

fn command(argv: &[String]) -> io::Result<Command> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the profile's command is empty"));
    };
    let mut command =
        if program == "countersign" { Command::new(std::env::current_exe()?) } else { Command::new(program) };
    command.args(arguments).env_clear().stdout(Stdio::null()).stderr(Stdio::piped());
    Ok(command)
}
