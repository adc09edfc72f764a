//! Products' own commands: making a home, starting, stopping.

use std::path::Path;
use std::time::Duration;

use super::watched::{self, Seen};
use super::{ActError, Context, Ended};
use crate::alignment::watched::pending;
use crate::daemon::pidfile;
use crate::estate::capture::{Captured, End, capture};
use crate::estate::command::{self, Input, ends_well, run};
use crate::exit::Exit;
use crate::plan::Process;

/// Lets a product make its home. A given password reaches it by standard input.
pub fn make_home(home: &Path, command: &[String], password_from: &str, context: &Context) -> Result<(), ActError> {
    if home.exists() {
        return Err(ActError::InTheWay(home.to_path_buf()));
    }
    let mut command = command.to_vec();
    let ended = match &context.system_password {
        Some(password) => {
            command.extend(["--system-password-from".to_owned(), "stdin".to_owned()]);
            run(&command, Input::Text(password.expose()))
        }
        None if password_from == "generate" => run(&command, context.input()),
        None => return Err(ActError::Other(format!("no password was read from {password_from}"))),
    };
    judge(&command, ended)
}

/// Starts a process; one that runs already is left alone. One that registers is started once its logs say that its
/// secret was accepted.
pub fn start(process: &Process, context: &Context) -> Result<Ended, ActError> {
    if process.deadline == 0 {
        return run_to_end(&process.start, context).map(|()| Ended::Done);
    }
    if runs(process) == Ok(true) {
        return Ok(Ended::Done);
    }
    let (started, seen) = started_and_seen(process, context)?;
    let started = started.map_or(Ok(()), Err);
    match seen {
        Seen::Refused(line) => Err(ActError::Refused(line)),
        _ if started.is_err() => started.map(|()| Ended::Done),
        Seen::Accepted => Ok(Ended::Done),
        Seen::Pending(line) => Ok(Ended::Pending(pending(&line))),
        Seen::Unclear(why) => Err(ActError::Other(why)),
    }
}

/// Stops a process and makes sure that it is gone.
pub fn stop(process: &Process, context: &Context) -> Result<(), ActError> {
    if runs(process) == Ok(false) {
        return Ok(());
    }
    if process.deadline == 0 {
        run_to_end(&process.stop, context)?;
    } else {
        ended(&process.stop, capture(&process.stop, context.input(), seconds(process)))?;
    }
    match runs(process) {
        Ok(true) => Err(ActError::Other(format!("{} still runs after its command to stop it", process.name))),
        _ => Ok(()),
    }
}

/// Whether a process runs, or why nobody can tell.
pub fn runs(process: &Process) -> Result<bool, String> {
    if process.status.is_empty() {
        return pidfile::holder(&process.pid_file).map(|holder| holder.is_some()).map_err(|error| error.to_string());
    }
    ends_well(&process.status, seconds(process))
}

/// Runs a product's command to its end.
pub fn run_to_end(command: &[String], context: &Context) -> Result<(), ActError> {
    judge(command, run(command, context.input()))
}

/// Starts a process that must be refused, since it still holds the old secret, and leaves it stopped.
pub fn see_refused(process: &Process, context: &Context) -> Result<(), ActError> {
    let accepted = || ActError::Other(format!("{} was accepted with the old secret", process.registers()));
    let unclear = |why: String| ActError::Other(format!("it could not be seen refused: {why}"));
    if process.deadline > 0 {
        let (_, seen) = started_and_seen(process, context)?;
        return match seen {
            Seen::Refused(_) => stop(process, context),
            Seen::Accepted => Err(accepted()),
            Seen::Pending(line) | Seen::Unclear(line) => Err(unclear(line)),
        };
    }
    match run_to_end(&process.start, context) {
        Err(ActError::Command { code, .. }) if code == Exit::NotAccepted.code() => Ok(()),
        Err(error) => Err(unclear(error.to_string())),
        Ok(()) => Err(accepted()),
    }
}

/// Starts a product of somebody else's: why its command failed, if it did, and what its logs say. Its command runs
/// below one of ours, which has the lock: what it leaves running would keep it.
fn started_and_seen(process: &Process, context: &Context) -> Result<(Option<ActError>, Seen), ActError> {
    let watched = watched::begin(&process.watch)?;
    let held: Vec<String> =
        ["countersign", "hold", "--"].map(str::to_owned).into_iter().chain(process.start.clone()).collect();
    let started = ended(&process.start, capture(&held, context.input(), seconds(process))).err();
    let seen = watched.wait(started.is_some());
    Ok((started, seen))
}

fn seconds(process: &Process) -> Duration {
    Duration::from_secs(process.deadline)
}

/// Turns a command's end into a result.
pub fn judge(command: &[String], ended: std::io::Result<command::Ended>) -> Result<(), ActError> {
    let what = named(command);
    match ended {
        Ok(ended) if ended.code == 0 => Ok(()),
        Ok(ended) => Err(ActError::Command { what, code: ended.code, message: ended.message }),
        Err(error) => Err(ActError::Other(format!("{what} cannot be started: {error}"))),
    }
}

/// The same for a command that had a deadline. Its last words are those of its last line.
pub fn ended(command: &[String], captured: std::io::Result<Captured>) -> Result<(), ActError> {
    let what = named(command);
    let captured = captured.map_err(|error| ActError::Other(format!("{what} cannot be started: {error}")))?;
    match captured.end {
        End::Code(0) => Ok(()),
        End::Code(code) => {
            let text = captured.output.bytes();
            let text = String::from_utf8_lossy(&text);
            let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
            // What its exit codes mean is the product's own.
            Err(ActError::Other(format!("{what} failed (exit {code}): {last}")))
        }
        End::Signal(number) => Err(ActError::Other(format!("{what} was ended by signal {number}"))),
        End::Late(deadline) => Err(ActError::Other(format!(
            "{what} did not end within {} s and was ended with all that it had started",
            deadline.as_secs()
        ))),
    }
}

fn named(command: &[String]) -> String {
    command.iter().take(3).cloned().collect::<Vec<_>>().join(" ")
}
