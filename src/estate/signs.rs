//! Signs of a product on this host, as its profile says what to look for.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use regex::Regex;
use serde::Serialize;

use super::ProductHome;
use super::capture::{End, capture};
use super::command::Input;
use crate::logfile::fits;
use crate::profile::{Detect, Values};

/// Most time that a command may take which lists what is installed.
const LONGEST: Duration = Duration::from_secs(10);
/// Signs of one kind that are told.
const MOST: usize = 3;
/// Bytes of a program's name that the kernel keeps in `comm`.
const COMM: usize = 15;

/// Something by which a product shows itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sign {
    /// `file`, `command`, `port` or `process`.
    pub kind: &'static str,
    /// Which, in a few words.
    pub what: String,
}

impl fmt::Display for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.what)
    }
}

impl ProductHome {
    /// What shows the product on this host; `None` where its profile names no sign. Nothing but the profile's own commands
    /// is started.
    pub fn signs(&self) -> Option<Vec<Sign>> {
        signs(&self.profile.detect, &self.values())
    }
}

/// The same for the signs themselves.
fn signs(detect: &Detect, values: &Values) -> Option<Vec<Sign>> {
    if detect.is_empty() {
        return None;
    }
    let mut signs = Vec::new();
    let mut add = |kind: &'static str, found: Vec<String>| {
        signs.extend(found.into_iter().take(MOST).map(|what| Sign { kind, what }));
    };
    let files = values.fill_all(&detect.files);
    add("file", files.iter().flat_map(|pattern| matching(Path::new(pattern))).collect());
    let commands = detect.commands.iter().map(|command| values.fill_all(command));
    add("command", commands.filter_map(|command| listed(&command, &detect.lists, LONGEST).ok().flatten()).collect());
    let listening = listening();
    let ports = detect.ports.iter().filter(|port| listening.contains(port));
    add("port", ports.map(|port| format!("{port} is listened on")).collect());
    add("process", running(&values.fill_all(&detect.processes)));
    Some(signs)
}

/// What a command prints of a product, as the command and the line; `None` when it does not list it.
///
/// # Errors
/// It cannot be started, or does not end in time; one line for people.
pub fn listed(command: &[String], lists: &[String], deadline: Duration) -> Result<Option<String>, String> {
    let shown = command.join(" ");
    let captured = capture(command, Input::Nothing, deadline);
    let captured =
        captured.map_err(|error| format!("{shown}, which lists what is installed, cannot be started: {error}"))?;
    match captured.end {
        End::Late(_) => {
            Err(format!("{shown}, which lists what is installed, did not end within {} s", deadline.as_secs()))
        }
        End::Code(code) if lists.is_empty() => Ok((code == 0).then_some(shown)),
        _ => {
            let bytes = captured.output.bytes();
            let text = String::from_utf8_lossy(&bytes);
            let lists: Vec<Regex> = lists.iter().filter_map(|pattern| Regex::new(pattern).ok()).collect();
            let line = text.lines().find(|line| lists.iter().any(|pattern| pattern.is_match(line)));
            let whole = lists.iter().any(|pattern| pattern.is_match(&text));
            Ok(line.map(|line| format!("{shown}: {}", line.trim())).or_else(|| whole.then_some(shown)))
        }
    }
}

/// The files and folders that a path with `*` in it names.
fn matching(pattern: &Path) -> Vec<String> {
    let mut found = vec![PathBuf::new()];
    for part in pattern {
        let part = part.as_encoded_bytes();
        found = if part.contains(&b'*') {
            let inside = |folder: &PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten();
            let named = |entry: &std::fs::DirEntry| fits(part, entry.file_name().as_encoded_bytes());
            found.iter().flat_map(|folder| inside(folder).filter(named).map(|entry| entry.path())).collect()
        } else {
            found.into_iter().map(|folder| folder.join(Path::new(pattern_part(part)))).collect()
        };
    }
    let there = found.into_iter().filter(|path| path.symlink_metadata().is_ok());
    let sorted: BTreeSet<String> = there.map(|path| path.display().to_string()).collect();
    sorted.into_iter().collect()
}

fn pattern_part(part: &[u8]) -> &std::ffi::OsStr {
    std::os::unix::ffi::OsStrExt::from_bytes(part)
}

/// The TCP ports that are listened on, as the kernel tells: `proc(5)`, `/proc/net/tcp`.
fn listening() -> BTreeSet<u16> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|path| std::fs::read_to_string(path).unwrap_or_default());
    tables.iter().flat_map(|table| table.lines()).filter_map(listens).collect()
}

fn listens(line: &str) -> Option<u16> {
    let mut words = line.split_whitespace().skip(1);
    let (local, state) = (words.next()?, words.nth(1)?);
    let (_, port) = local.rsplit_once(':')?;
    (state == "0A").then(|| u16::from_str_radix(port, 16).ok())?
}

/// Running programs with one of these names, as `/proc` tells; each name once.
fn running(names: &[String]) -> Vec<String> {
    let entries = if names.is_empty() { None } else { std::fs::read_dir("/proc").ok() };
    let mut found: Vec<(&String, u32)> = Vec::new();
    for entry in entries.into_iter().flatten().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let (comm, program) = called(&entry.path());
        let is = |name: &&String| {
            program.as_deref() == Some(name.as_str())
                || (!comm.is_empty() && comm.as_bytes() == &name.as_bytes()[..name.len().min(COMM)])
        };
        found.extend(
            names.iter().find(is).filter(|name| found.iter().all(|(known, _)| known != name)).map(|it| (it, id)),
        );
    }
    found.into_iter().map(|(name, id)| format!("{name} runs (process {id})")).collect()
}

/// What a process is called: by the kernel, and by the first word of its command line.
fn called(process: &Path) -> (String, Option<String>) {
    let read = |name: &str| std::fs::read(process.join(name)).unwrap_or_default();
    let comm = String::from_utf8_lossy(&read("comm")).trim_end().to_owned();
    let line = read("cmdline");
    let first = line.split(|byte| *byte == 0 || *byte == b' ').next().unwrap_or_default();
    let program = Path::new(pattern_part(first)).file_name().map(|name| name.to_string_lossy().into_owned());
    (comm, program)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(text: &str) -> Detect {
        toml::from_str(text).expect("signs")
    }

    #[test]
    fn files_commands_ports_and_processes_are_found_on_this_host() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(dir.path().join("opt/product-2")).expect("made");
        std::fs::write(dir.path().join("opt/product-2/x.conf"), "").expect("written");
        let server = std::net::TcpListener::bind("127.0.0.1:0").expect("listening");
        let port = server.local_addr().expect("an address").port();
        let mut process = std::process::Command::new("sleep").arg("600").spawn().expect("started");
        let text = format!(
            "files = ['{0}/opt/product-*/*.conf', '{0}/nothing-*']\ncommands = [['echo', 'Product 4.6']]\n\
             lists = ['Product \\d']\nports = [{port}, 1]\nprocesses = ['sleep', 'no-such-program']",
            dir.path().display()
        );
        let found = signs(&detect(&text), &Values::default()).expect("looked");
        process.kill().expect("ended");
        process.wait().expect("gone");
        let told: Vec<String> = found.iter().map(ToString::to_string).collect();
        let [file, command, port_told, process_told] = &told[..] else { panic!("{told:?}") };
        assert_eq!(*file, format!("file {}/opt/product-2/x.conf", dir.path().display()));
        assert_eq!(command, "command echo Product 4.6: Product 4.6");
        assert_eq!(*port_told, format!("port {port} is listened on"));
        assert!(process_told.starts_with("process sleep runs (process "), "{process_told}");
    }

    #[test]
    fn what_is_not_there_shows_nothing_and_what_has_no_signs_is_not_asked() {
        let text = "files = ['/nowhere/*/x']\ncommands = [['/nowhere/list'], ['false'], ['echo', 'other']]\n\
                    lists = ['Product']\nports = [1]\nprocesses = ['no-such-program']";
        assert_eq!(signs(&detect(text), &Values::default()), Some(Vec::new()));
        assert_eq!(signs(&Detect::default(), &Values::default()), None);
    }
}
