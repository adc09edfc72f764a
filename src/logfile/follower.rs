//! Following a log: what is written from now on, across rotations, until something that is recognised was said.

use std::collections::{HashSet, VecDeque};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::encoding::{Decoder, Encoding};
use super::folder::Folder;
use super::lines::{Lines, Passage};
use super::newest::{self, files};
use super::patterns::{Patterns, Said, shown};
use super::position::{Came, Id, Position, Print, beginning, id, open};

/// After this long the log is looked at again though the kernel told of nothing: it does not tell what other hosts write
/// to a folder that is shared with them.
const AGAIN: Duration = Duration::from_secs(5);
/// Lines that are shown when nothing was recognised.
const LAST: usize = 20;

/// Files that are held open at the beginning, the newest.
const OPEN: usize = 32;

/// Follows a log from where it ended.
pub struct Follower {
    pattern: PathBuf,
    encoding: Encoding,
    /// Every file that was the log, held open: who writes may go on in one that was renamed. In their order.
    files: Vec<Followed>,
    /// Those of a pattern that were there before and are too old to be held open.
    older: HashSet<(PathBuf, Id)>,
    last: VecDeque<String>,
    trouble: Option<String>,
}

struct Followed {
    id: Id,
    position: Position,
    decoder: Decoder,
    lines: Lines,
}

impl Follower {
    /// From the end of what is written now. `*` in the last part of the path stands for any text. A file or folder that
    /// is not there yet is followed from its beginning.
    ///
    /// # Errors
    /// The encoding is not known, or a file that is there cannot be read.
    pub fn at_end(pattern: &Path, encoding: &str) -> io::Result<Self> {
        let encoding: Encoding = encoding.parse().map_err(io::Error::other)?;
        let mut files = files(pattern)?;
        let older = files.drain(..files.len().saturating_sub(OPEN)).filter_map(|path| known(path).ok()).collect();
        let at_end = |path: &PathBuf| {
            Followed::new(open(path)?, encoding, |file, decoder| Position::at_end(file, decoder.unit()))
        };
        let files = files.iter().map(at_end).collect::<io::Result<_>>()?;
        Ok(Self { pattern: pattern.to_owned(), encoding, files, older, last: VecDeque::new(), trouble: None })
    }

    /// Waits until it says *aligned* or *differs*; the last line that was written by then and is recognised counts. At
    /// the deadline: whether it said *pending*, else its last lines. Must not be called within tokio.
    ///
    /// A second call goes on where the first ended.
    pub fn wait(&mut self, patterns: &Patterns, deadline: Duration) -> Said {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        match runtime {
            Ok(runtime) => runtime.block_on(self.follow(patterns, deadline)),
            Err(error) => Said::Silent(vec![format!("it cannot be followed: {error}")]),
        }
    }

    async fn follow(&mut self, patterns: &Patterns, deadline: Duration) -> Said {
        let until = Instant::now() + deadline;
        let mut folder = Folder::new(&self.pattern);
        let mut pending = None;
        loop {
            folder.watch();
            match self.look(patterns, until) {
                Some(said @ (Said::Aligned(_) | Said::Differs(_))) => return said,
                Some(said) => pending = Some(said),
                None => {}
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return self.finish(patterns).or(pending).unwrap_or_else(|| Said::Silent(self.last_lines()));
            }
            // Whatever it is that ends the waiting, the log itself is what counts.
            let _ = tokio::time::timeout(left.min(AGAIN), folder.changed()).await;
        }
    }

    /// Reads what came since and tells the last that was said.
    fn look(&mut self, patterns: &Patterns, until: Instant) -> Option<Said> {
        let name = self.pattern.display().to_string();
        self.trouble = self.find_new().err().map(|error| format!("{name}: {error}"));
        let mut ear = Ear { patterns, last: &mut self.last, said: None };
        for followed in &mut self.files {
            if let Err(error) = followed.read(self.encoding, &self.pattern, until, &mut ear) {
                self.trouble = Some(format!("{name}: {error}"));
            }
        }
        ear.said
    }

    /// Finds files that are new: another one with the log's name, or another name that fits.
    fn find_new(&mut self) -> io::Result<()> {
        for path in files(&self.pattern)? {
            let file = match open(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                file => file?,
            };
            let one = id(&file)?;
            if self.files.iter().any(|followed| followed.id == one) || self.older.contains(&(path, one)) {
                continue;
            }
            // A copy of what was read already says nothing new.
            let is_copy = |print: &&Print| !print.is_beginning() && print.is_of(&file).unwrap_or_default();
            let read = self.files.iter().map(|followed| followed.position.print()).find(is_copy).cloned();
            let position = |file, _: &Decoder| Ok(Position::at_print(file, &read.unwrap_or_default()));
            self.files.push(Followed::new(file, self.encoding, position)?);
        }
        Ok(())
    }

    /// What the lines say that were begun and not ended.
    fn finish(&mut self, patterns: &Patterns) -> Option<Said> {
        let mut ear = Ear { patterns, last: &mut self.last, said: None };
        self.files.iter_mut().for_each(|followed| followed.lines.finish(&mut |line, passage| ear.hear(line, passage)));
        ear.said
    }

    /// Reads what is there, and judges no line that has no end yet.
    #[cfg(test)]
    pub(super) fn look_for_test(&mut self, patterns: &Patterns) -> Option<Said> {
        self.look(patterns, Instant::now() + AGAIN)
    }

    fn last_lines(&self) -> Vec<String> {
        self.last.iter().cloned().chain(self.trouble.clone()).collect()
    }
}

impl Followed {
    fn new(
        file: File,
        encoding: Encoding,
        position: impl FnOnce(File, &Decoder) -> io::Result<Position>,
    ) -> io::Result<Self> {
        let (id, decoder) = (id(&file)?, Decoder::new(encoding, &beginning(&file)?));
        Ok(Self { id, position: position(file, &decoder)?, decoder, lines: Lines::default() })
    }

    /// Reads to the end of the file; of one that never ends, until it is time.
    fn read(&mut self, encoding: Encoding, log: &Path, until: Instant, ear: &mut Ear<'_>) -> io::Result<()> {
        loop {
            match self.position.read()? {
                Came::Nothing => return Ok(()),
                Came::Bytes(bytes) => {
                    if self.position.is_first(&bytes) {
                        self.decoder = Decoder::new(encoding, &bytes);
                    }
                    self.hear(&bytes, ear);
                }
                Came::Anew(print) => {
                    // What was written between our last look and the cut stands in the copy that was made before.
                    let mut rest = copy(log, &print).map(|copy| Position::at_print(copy, &print));
                    while let Some(Came::Bytes(bytes)) = rest.as_mut().map(Position::read).transpose()? {
                        self.hear(&bytes, ear);
                    }
                    self.lines.finish(&mut |line, passage| ear.hear(line, passage));
                    self.lines = Lines::default();
                }
            }
            if Instant::now() >= until {
                return Ok(());
            }
        }
    }

    fn hear(&mut self, bytes: &[u8], ear: &mut Ear<'_>) {
        self.lines.add(&self.decoder.decode(bytes), &mut |line, passage| ear.hear(line, passage));
    }
}

/// What is listened with.
struct Ear<'a> {
    patterns: &'a Patterns,
    last: &'a mut VecDeque<String>,
    said: Option<Said>,
}

impl Ear<'_> {
    fn hear(&mut self, line: &str, passage: &Passage) {
        if !line.trim().is_empty() {
            self.last.push_back(shown(line));
        }
        if self.last.len() > LAST {
            self.last.pop_front();
        }
        if let Some(said) = self.patterns.judge(passage) {
            self.said = Some(said);
        }
    }
}

/// A file by name and number.
fn known(path: PathBuf) -> io::Result<(PathBuf, Id)> {
    let id = id(&open(&path)?)?;
    Ok((path, id))
}

/// The copy of a log that was made before it was cut: beside it, its name with something behind.
fn copy(pattern: &Path, print: &Print) -> Option<File> {
    let name = pattern.file_name()?.as_encoded_bytes();
    let entries = std::fs::read_dir(newest::folder(pattern)).ok()?;
    let beside = entries.filter_map(Result::ok).filter(|entry| {
        let other = entry.file_name();
        other.as_encoded_bytes().starts_with(name) && other.as_encoded_bytes() != name
    });
    let mut files = beside.filter_map(|entry| open(&entry.path()).ok());
    files.find(|file| !print.is_beginning() && print.is_of(file).unwrap_or_default())
}
