//! `countersign completions`: for the shells that clap knows.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Cli;
use super::exit::Exit;

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// Which shell
    shell: Shell,
}

impl Completions {
    /// Prints them.
    pub fn run(&self) -> Exit {
        clap_complete::generate(self.shell, &mut Cli::command(), "countersign", &mut std::io::stdout());
        Exit::Done
    }
}
