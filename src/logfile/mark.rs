//! What is added to a log while something is done.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::encoding::{Decoder, Encoding};
use super::position::{Came, Position, beginning, open};

/// Most bytes of what was added that are read: the last ones.
const MOST: u64 = 4 << 20;

/// Where a log ended before something was done.
pub struct Mark {
    path: PathBuf,
    before: Option<Position>,
}

/// What was added to a log since.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Added {
    /// The text; of more than can be read, the end.
    pub text: String,
    /// Bytes before it that were not read.
    pub lost: u64,
}

impl Mark {
    /// Remembers where this log ends; it need not be there yet.
    ///
    /// # Errors
    /// It is there and cannot be read.
    pub fn of(path: &Path) -> io::Result<Self> {
        let before = match open(path) {
            Ok(file) => {
                let unit = Decoder::new(Encoding::Utf8, &beginning(&file)?).unit();
                Some(Position::at_end(file, unit)?)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(Self { path: path.to_owned(), before })
    }

    /// What was added since: to the file that was there, and to one that took its place. Of a file that was cut or
    /// written anew all counts as added. UTF-8, or UTF-16 where the file begins with its mark.
    ///
    /// # Errors
    /// It cannot be read. One that is not there has nothing added.
    pub fn added(self) -> io::Result<Added> {
        let mut added = Added::default();
        let known = self.before.as_ref().map(|before| before.file().metadata()).transpose()?;
        if let Some(before) = self.before {
            added.take(before)?;
        }
        match open(&self.path) {
            Ok(file) => {
                let now = file.metadata()?;
                if known.is_none_or(|known| (known.dev(), known.ino()) != (now.dev(), now.ino())) {
                    added.take(Position::at_start(file))?;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        Ok(added)
    }
}

impl Added {
    fn take(&mut self, mut position: Position) -> io::Result<()> {
        let mut decoder = Decoder::new(Encoding::Utf8, &beginning(position.file())?);
        let mut read = 0;
        // Somebody may write faster than we read.
        while read <= MOST {
            let left = position.left()?;
            if left > MOST {
                let over = left - MOST;
                let skipped = over + over % decoder.unit();
                position.skip(skipped)?;
                self.lost += skipped;
            }
            match position.read()? {
                Came::Nothing => return Ok(()),
                Came::Anew(_) => decoder = Decoder::new(Encoding::Utf8, &beginning(position.file())?),
                Came::Bytes(bytes) => {
                    read += bytes.len() as u64;
                    self.text.push_str(&decoder.decode(&bytes));
                }
            }
        }
        Ok(())
    }
}
