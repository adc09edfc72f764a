//! The program executes itself anew, so that nothing is left of what this process had in its memory: terminal libraries
//! keep buffers that nobody wipes.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::fs::{MemfdFlags, memfd_create};

use super::handover::Handover;
use crate::secret::Source;
use crate::wizard::{Answers, fields};

/// The variables that the last pages, another look at them or another try need. All else is left behind, as a secret
/// may be among it.
const KEPT: [&str; 14] = [
    "TERM",
    "COLORTERM",
    "NO_COLOR",
    super::theme::VARIABLE,
    "LC_ALL",
    "LC_CTYPE",
    "LANG",
    "TZ",
    "HOME",
    "XDG_STATE_HOME",
    "PATH",
    "TMPDIR",
    "CREDENTIALS_DIRECTORY",
    "COUNTERSIGN_ESTATE",
];

/// Puts the program itself in the place of this process, with these arguments and the number of the descriptor from
/// which it takes over. Comes back only when that fails.
pub fn execute(handover: &Handover, arguments: &[OsString], answers: &Answers) -> io::Error {
    match prepare(handover, arguments, answers) {
        // The descriptor is open until the program is another.
        Ok((mut command, _memory)) => command.exec(),
        Err(error) => error,
    }
}

fn prepare(handover: &Handover, arguments: &[OsString], answers: &Answers) -> io::Result<(Command, File)> {
    let mut memory = File::from(memfd_create("wizard", MemfdFlags::empty())?);
    memory.write_all(&serde_json::to_vec(handover)?)?;
    let mut command = Command::new("/proc/self/exe");
    if let Some(name) = std::env::args_os().next() {
        command.arg0(name);
    }
    command.args(arguments).arg(memory.as_raw_fd().to_string()).env_clear().envs(environment(answers));
    Ok((command, memory))
}

fn environment(answers: &Answers) -> impl Iterator<Item = (&'static str, OsString)> {
    let secret = |name: &str| fields().any(|(_, field)| answers.source(field.id) == Source::Env(name.to_owned()));
    KEPT.into_iter().filter(move |name| !secret(name)).filter_map(|name| Some((name, std::env::var_os(name)?)))
}

/// Takes what was handed over from a descriptor, and empties it.
pub fn take_over(descriptor: u32) -> io::Result<Handover> {
    let mut memory = File::options().read(true).write(true).open(format!("/proc/self/fd/{descriptor}"))?;
    let mut text = Vec::new();
    memory.read_to_end(&mut text)?;
    memory.set_len(0)?;
    Ok(serde_json::from_slice(&text)?)
}
