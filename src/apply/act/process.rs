//! Products' own commands: making a home, starting, stopping.

use std::path::Path;

use super::{ActError, Context};
use crate::daemon::pidfile;
use crate::estate::command::{Ended, Input, run};
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

/// Starts a process; one that runs already is left alone.
pub fn start(process: &Process, context: &Context) -> Result<(), ActError> {
    run_to_end(&process.start, context)
}

/// Stops a process and makes sure that it is gone.
pub fn stop(process: &Process, context: &Context) -> Result<(), ActError> {
    if matches!(pidfile::holder(&process.pid_file), Ok(None)) {
        return Ok(());
    }
    run_to_end(&process.stop, context)?;
    match pidfile::holder(&process.pid_file) {
        Ok(Some(pid)) => Err(ActError::Other(format!("{} still runs as process {pid}", process.name))),
        _ => Ok(()),
    }
}

/// Runs a product's command to its end.
pub fn run_to_end(command: &[String], context: &Context) -> Result<(), ActError> {
    judge(command, run(command, context.input()))
}

/// Starts a process that must be refused, since it still holds the old secret.
pub fn see_refused(process: &Process, context: &Context) -> Result<(), ActError> {
    match run_to_end(&process.start, context) {
        Err(ActError::Command { code, .. }) if code == Exit::NotAccepted.code() => Ok(()),
        Err(error) => Err(ActError::Other(format!("it could not be seen refused: {error}"))),
        Ok(()) => Err(ActError::Other(format!("{} was accepted with the old secret", process.name))),
    }
}

/// Turns a command's end into a result.
pub fn judge(command: &[String], ended: std::io::Result<Ended>) -> Result<(), ActError> {
    let what = command.iter().take(3).cloned().collect::<Vec<_>>().join(" ");
    match ended {
        Ok(ended) if ended.code == 0 => Ok(()),
        Ok(ended) => Err(ActError::Command { what, code: ended.code, message: ended.message }),
        Err(error) => Err(ActError::Other(format!("{what} cannot be started: {error}"))),
    }
}
