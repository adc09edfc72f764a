//! Running a product's commands: argument lists from a profile, with an empty environment.

use std::fs::File;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::fs::{Access, access};

use super::capture::{End, capture};

/// Where a command without a slash is looked for: commands get no `PATH` to say otherwise.
pub const FOLDERS: [&str; 4] = ["/bin", "/usr/bin", "/sbin", "/usr/sbin"];

/// The exit code by which a product of ours says that the authority holds its registration.
pub const PENDING: u8 = 6;

/// What a command finds on its standard input.
pub enum Input<'a> {
    /// Nothing.
    Nothing,
    /// This text.
    Text(&'a str),
    /// The estate's lock, which lasts then until the command ends, even if we die before.
    Lock(File),
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; 1 when a signal ended it.
    pub code: u8,
    /// The last line it wrote to standard error, for people.
    pub message: String,
    /// Every line it wrote there.
    pub said: Vec<String>,
}

/// Runs a command to its end. `countersign` as its first word is this very program.
///
/// # Errors
/// The command cannot be started at all.
pub fn run(argv: &[String], input: Input) -> io::Result<Ended> {
    let output = begin(argv, input, |_| Ok(()))?.wait_with_output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let said: Vec<String> = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let last = said.last().map_or("", String::as_str);
    // Our own verbs name themselves; whoever repeats their words does so too.
    let message = last.strip_prefix("countersign: ").unwrap_or(last).to_owned();
    let code = output.status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(Ended { code, message, said })
}

/// Starts a command with this on its standard input, in a process group of its own.
///
/// # Errors
/// It cannot be started, or does not take its input.
pub(super) fn begin(
    argv: &[String],
    input: Input,
    output: impl FnOnce(&mut Command) -> io::Result<()>,
) -> io::Result<Child> {
    let mut command = command(argv)?;
    output(&mut command)?;
    let text = match input {
        Input::Nothing => None,
        Input::Text(text) => {
            command.stdin(Stdio::piped());
            Some(text)
        }
        Input::Lock(lock) => {
            command.stdin(lock);
            None
        }
    };
    let mut child = command.spawn()?;
    if let (Some(text), Some(mut pipe)) = (text, child.stdin.take()) {
        match io::Write::write_all(&mut pipe, text.as_bytes()) {
            // One that does not take its input tells by its end what became of it.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            written => written?,
        }
    }
    Ok(child)
}

/// Asks a product whether something of it runs: by a command that ends well exactly then.
///
/// # Errors
/// In words for people: it cannot be started, was ended by a signal, or did not end in time.
pub fn ends_well(argv: &[String], deadline: Duration) -> Result<bool, String> {
    let name = argv.first().map_or("", String::as_str);
    match capture(argv, Input::Nothing, deadline) {
        Ok(captured) => match captured.end {
            End::Code(code) => Ok(code == 0),
            End::Signal(number) => Err(format!("{name} was ended by signal {number}")),
            End::Late(deadline) => Err(format!("{name} did not end within {} s and was ended", deadline.as_secs_f32())),
        },
        Err(error) => Err(format!("{name} cannot be started: {error}")),
    }
}

/// Runs a command that tells something, and returns the JSON that it prints.
///
/// # Errors
/// It cannot be started, ends with a failure, or prints something else.
pub fn tell(argv: &[String]) -> io::Result<serde_json::Value> {
    let output = command(argv)?.stdout(Stdio::piped()).output()?;
    if output.status.success() {
        return Ok(serde_json::from_slice(&output.stdout)?);
    }
    let text = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(text.trim().to_owned()))
}

/// The program that a command's first word names: `countersign` is this very one, a bare name is looked for in
/// [`FOLDERS`].
///
/// # Errors
/// It is not there, or this user may not start it.
pub fn program(name: &str) -> io::Result<PathBuf> {
    let path = match name {
        "" => return Err(io::Error::new(io::ErrorKind::InvalidInput, "the profile's command is empty")),
        "countersign" => return std::env::current_exe(),
        name if name.contains('/') => PathBuf::from(name),
        name => {
            let mut paths = FOLDERS.iter().map(|folder| Path::new(folder).join(name));
            paths.find(|path| path.exists()).ok_or(io::ErrorKind::NotFound)?
        }
    };
    access(&path, Access::EXEC_OK)?;
    if path.is_file() { Ok(path) } else { Err(io::Error::other("it is no file")) }
}

fn command(argv: &[String]) -> io::Result<Command> {
    let (name, arguments) = argv.split_first().map_or(("", &[][..]), |(name, rest)| (name.as_str(), rest));
    let mut command = Command::new(program(name)?);
    command.args(arguments).env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    // Ctrl-C and the terminal's end are for us: what we started ends its act, so that it is done or not done.
    command.process_group(0);
    Ok(command)
}
