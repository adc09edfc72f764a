//! How far a file was read, and what came since: whether it grew or was cut and begun anew.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

/// Most bytes that are read at once.
const CHUNK: usize = 64 << 10;
/// Bytes before a position by which it is recognised.
const PRINT: usize = 256;

/// Which file it is, whatever it is called.
pub(super) type Id = (u64, u64);

/// A place in a file's text, recognised by what stands before it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Print {
    at: u64,
    before: Vec<u8>,
}

/// A file, held open, and how far it was read.
pub(super) struct Position {
    file: File,
    print: Print,
}

/// What came since.
pub(super) enum Came {
    /// Nothing.
    Nothing,
    /// These bytes.
    Bytes(Vec<u8>),
    /// It was cut or written anew, and is read from its beginning from here on. Where it had been read to.
    Anew(Print),
}

impl Print {
    /// Whether a file has the same text up to here.
    pub fn is_of(&self, file: &File) -> io::Result<bool> {
        let mut before = vec![0; self.before.len()];
        let from = self.at - before.len() as u64;
        match file.read_exact_at(&mut before, from) {
            Ok(()) => Ok(before == self.before),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether it is the beginning, which is the same in every file.
    pub fn is_beginning(&self) -> bool {
        self.at == 0
    }

    fn of(file: &File, at: u64) -> io::Result<Self> {
        let length = at.min(PRINT as u64);
        let mut before = vec![0; usize::try_from(length).unwrap_or(PRINT)];
        file.read_exact_at(&mut before, at - length)?;
        Ok(Self { at, before })
    }

    fn go_on(&mut self, bytes: &[u8]) {
        self.at += bytes.len() as u64;
        self.before.extend_from_slice(bytes);
        self.before.drain(..self.before.len().saturating_sub(PRINT));
    }
}

/// Opens a regular file to be read; a pipe is not waited for.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().read(true).custom_flags(OFlags::NONBLOCK.bits().cast_signed()).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("it is no regular file")) }
}

/// Which file this is.
pub(super) fn id(file: &File) -> io::Result<Id> {
    let meta = file.metadata()?;
    Ok((meta.dev(), meta.ino()))
}

/// Its first bytes, by which its encoding may be known.
pub(super) fn beginning(file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = [0; 4];
    let read = file.read_at(&mut bytes, 0)?;
    Ok(bytes[..read].to_vec())
}

impl Position {
    /// At its beginning.
    pub fn at_start(file: File) -> Self {
        Self { file, print: Print::default() }
    }

    /// At its end; a multiple of this many bytes.
    pub fn at_end(file: File, unit: u64) -> io::Result<Self> {
        let end = file.metadata()?.len();
        Self::at(file, end - end % unit)
    }

    /// At a place that another file has too.
    pub fn at_print(file: File, print: &Print) -> Self {
        Self { file, print: print.clone() }
    }

    fn at(file: File, at: u64) -> io::Result<Self> {
        let print = Print::of(&file, at)?;
        Ok(Self { file, print })
    }

    /// The file.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Where it is.
    pub fn print(&self) -> &Print {
        &self.print
    }

    /// Bytes between here and the file's end.
    pub fn left(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len().saturating_sub(self.print.at))
    }

    /// Goes on by this much without reading it.
    pub fn skip(&mut self, bytes: u64) -> io::Result<()> {
        self.print = Print::of(&self.file, self.print.at + bytes)?;
        Ok(())
    }

    /// Whether these bytes, read last, are the file's first.
    pub fn is_first(&self, bytes: &[u8]) -> bool {
        self.print.at == bytes.len() as u64
    }

    /// Reads what came since.
    pub fn read(&mut self) -> io::Result<Came> {
        if !self.print.is_of(&self.file)? {
            return Ok(Came::Anew(std::mem::take(&mut self.print)));
        }
        let mut bytes = vec![0; CHUNK];
        let read = self.file.read_at(&mut bytes, self.print.at)?;
        bytes.truncate(read);
        self.print.go_on(&bytes);
        Ok(if read == 0 { Came::Nothing } else { Came::Bytes(bytes) })
    }
}
