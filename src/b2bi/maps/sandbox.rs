//! The process in which one map is compiled or turns one document: it limits itself, reads, writes the result and ends.

use std::io::{self, Read, Write};

use rustix::process::{Resource, Rlimit, setrlimit};

use super::compile::{MAX_MAP, compile, evaluate};

/// The most memory that a map may fill, in bytes; the stack is part of it.
const MEMORY: u64 = 1024 * 1024 * 1024;
/// The most processor time, in seconds: the engine's own deadline is shorter, this one holds when the engine is gone.
const PROCESSOR_TIME: u64 = 90;

/// Exit code for a document that the map did not turn; the reason is on standard error.
pub const NOT_TURNED: u8 = 3;

/// What such a process is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Whether the map compiles; there is no document and no result.
    Check,
    /// The document, turned.
    Turn,
}

/// The whole life of such a process. Standard input: the map's length (four bytes, the highest first), the map, the
/// document. Returns the exit code.
pub fn work(task: Task) -> u8 {
    match limit().map_err(|error| error.to_string()).and_then(|()| do_it(task)) {
        Ok(document) => match io::stdout().lock().write_all(&document) {
            Ok(()) => 0,
            Err(_) => 1,
        },
        Err(reason) => {
            eprintln!("{reason}");
            NOT_TURNED
        }
    }
}

fn do_it(task: Task) -> Result<Vec<u8>, String> {
    let mut input = io::stdin().lock();
    let mut read = || -> io::Result<(Vec<u8>, Vec<u8>)> {
        let mut length = [0; 4];
        input.read_exact(&mut length)?;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        if length > MAX_MAP {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mut map = vec![0; length];
        input.read_exact(&mut map)?;
        let mut document = Vec::new();
        input.read_to_end(&mut document)?;
        Ok((map, document))
    };
    let (map, document) = read().map_err(|error| format!("map and document did not come: {error}"))?;
    let map = String::from_utf8(map).map_err(|_| "the map is no UTF-8 text".to_owned())?;
    match task {
        Task::Check => compile(&map).map(|()| Vec::new()),
        Task::Turn => evaluate(&map, &document),
    }
}

fn limit() -> rustix::io::Result<()> {
    // One second more until the kernel kills: the signal before it, SIGXCPU, tells why the process ended.
    let limits = [
        (Resource::Data, MEMORY, MEMORY),
        (Resource::Cpu, PROCESSOR_TIME, PROCESSOR_TIME + 1),
        (Resource::Fsize, 0, 0),
        (Resource::Core, 0, 0),
    ];
    for (resource, current, maximum) in limits {
        setrlimit(resource, Rlimit { current: Some(current), maximum: Some(maximum) })?;
    }
    Ok(())
}
