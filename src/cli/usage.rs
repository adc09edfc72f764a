//! What a command line gets that runs no verb: help, the version, or what is wrong with it.

use std::ffi::OsString;

use clap::error::{Error, ErrorKind};

use super::Scope;
use super::exit::Exit;
use super::failure::Failure;

/// Prints it; what is wrong also as the object that every refusal is, where `--json` is among the arguments.
pub fn answer(error: &Error) -> Exit {
    // A reader that went away is no failure of ours.
    let _ = error.print();
    if !error.use_stderr() {
        return Exit::Done;
    }
    Scope::new(wants_json(std::env::args_os()), None).refuse(&Failure::new(Exit::Usage, problem(error)));
    Exit::Usage
}

/// Whoever wrote a command line that cannot be read may still be told in the way that it asks for.
fn wants_json(arguments: impl Iterator<Item = OsString>) -> bool {
    arguments.skip(1).take_while(|argument| argument != "--").any(|argument| argument == "--json")
}

/// What is wrong, and what was probably meant, in one line; without the usage that people get below it.
fn problem(error: &Error) -> String {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return "the command line ends too early: --help tells what can follow".to_owned();
    }
    let text = error.render().to_string();
    let said =
        text.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
    let line = said.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    line.strip_prefix("error: ").unwrap_or(&line).replace(" tip: ", "; ")
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Cli;

    fn told(arguments: &str) -> String {
        let words = ["countersign"].into_iter().chain(arguments.split_whitespace());
        problem(&Cli::try_parse_from(words).expect_err("wrong usage"))
    }

    #[test]
    fn what_is_wrong_is_one_line_without_the_usage() {
        assert_eq!(told("chekc"), "unrecognized subcommand 'chekc'; a similar subcommand exists: 'check'");
        let missing = told("register --again");
        assert!(missing.contains("required arguments were not provided: <COMPONENT"), "{missing}");
        assert_eq!(told("passport"), "the command line ends too early: --help tells what can follow");
        for line in [told("check --levle x"), told("rotate --window x --nothing")] {
            assert!(!line.contains('\n') && !line.contains("Usage") && !line.starts_with("error"), "{line}");
        }
    }

    #[test]
    fn json_is_wanted_by_an_argument_of_that_name() {
        let wants = |line: &str| wants_json(line.split(' ').map(OsString::from));
        assert!(wants("countersign chekc --json") && wants("countersign --json"));
        assert!(!wants("countersign check") && !wants("--json check") && !wants("countersign x -- --json"));
    }
}
