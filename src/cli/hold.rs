//! `countersign hold`: runs a command to its end while the lock, our standard input, stays with us. What the command
//! leaves running does not get it.

use std::ffi::OsString;
use std::process::{Command, Stdio};

use clap::Args;

use super::exit::Exit;
use crate::estate::command::program;

/// Arguments of `hold`. Nobody but ourselves has a use for it.
#[derive(Debug, Args)]
pub struct Hold {
    /// The command
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<OsString>,
}

impl Hold {
    /// Runs it and ends as it ends.
    pub fn run(&self) -> anyhow::Result<Exit> {
        let (name, arguments) = self.command.split_first().map_or((None, &[][..]), |(name, rest)| (Some(name), rest));
        let name = name.and_then(|name| name.to_str()).unwrap_or_default();
        let status = Command::new(program(name)?).args(arguments).env_clear().stdin(Stdio::null()).status()?;
        match status.code() {
            Some(0) => Ok(Exit::Done),
            // What its other codes mean is not ours to say.
            code => std::process::exit(code.unwrap_or(1)),
        }
    }
}
