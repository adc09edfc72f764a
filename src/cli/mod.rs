//! The command line: one file a verb.
#![allow(missing_docs)]
pub mod exit;
pub mod failure;
pub mod passport;
pub mod scope;
use clap::{Parser, Subcommand};
pub use scope::Scope;
#[derive(Parser)]
struct Cli {
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    verb: Verb,
}
#[derive(Subcommand)]
enum Verb {
    Passport(passport::Passport),
}
pub fn main() -> exit::Exit {
    crate::secret::harden_process();
    let cli = Cli::parse();
    let scope = Scope { json: cli.json, dir: "estate".into() };
    let Verb::Passport(verb) = cli.verb;
    verb.run(&scope).unwrap_or_else(|error| {
        eprintln!("countersign: {error}");
        error.downcast::<failure::Failure>().map_or(exit::Exit::CannotTell, |f| f.exit)
    })
}
