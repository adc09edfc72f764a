//! A master silent file with all that it includes.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

use zeroize::Zeroizing;

use super::error::{At, Rule, SilentError};
use super::escape::encode;
use super::file::{INCLUDE, SilentFile};
use crate::fs::{inside, read_inside};
use crate::secret::Secret;

/// The largest silent file that is read, in MiB.
const MOST_MEBIBYTES: u64 = 16;
/// The most files that a master may include.
const MOST_FILES: usize = 64;
/// What stands between a product and a variable where several files have the same one.
const OF: char = '/';

/// A master silent file with all that it includes, in memory: nothing is written before [`Tree::write_into`].
///
/// A variable is named as it stands in the files. Where several files have the same one, it is `Product/Variable`, with
/// the name under which the master includes the file; `/Variable` is the master's own.
pub struct Tree {
    /// The master first, then in the order in which they are included.
    files: Vec<SilentFile>,
}

/// A variable of a tree, or another row of it.
#[derive(Debug)]
pub struct Variable<'a> {
    /// Its name in this tree: with its product where several files have the same one.
    pub name: Cow<'a, str>,
    /// Its name in its file.
    pub bare: &'a str,
    /// Under which name the master includes its file; empty for the master itself.
    pub product: &'a str,
}

impl Tree {
    /// Reads a master file and, one after the other, what it includes and what that includes.
    pub fn read(master: &Path) -> Result<Self, SilentError> {
        let master = std::path::absolute(master).unwrap_or_else(|_| master.to_path_buf());
        let whole = || At::start_of(&master);
        let unreadable = |error: std::io::Error| SilentError::new(whole(), Rule::unreadable(&error));
        let (Some(home), Some(name)) = (master.parent(), master.file_name()) else {
            return Err(SilentError::new(whole(), Rule::Unreadable("it names no file".into())));
        };
        let real = inside(home, &master).map_err(unreadable)?;
        let mut reading = Reading { home, files: Vec::new(), real: Vec::new(), chain: Vec::new() };
        reading.file(&real, PathBuf::from(name), String::new(), &whole())?;
        Ok(Self { files: reading.files })
    }

    /// One file as a tree; what it includes is not looked for.
    pub fn single(path: &Path, text: Zeroizing<Vec<u8>>) -> Result<Self, SilentError> {
        let name = path.file_name().map(PathBuf::from).unwrap_or_default();
        Ok(Self { files: vec![SilentFile::parse(path.to_path_buf(), name, String::new(), text)?] })
    }

    /// Every file with its changes: its name below the master's folder, and its text. The master comes first.
    pub fn texts(&self) -> impl Iterator<Item = (&Path, Zeroizing<Vec<u8>>)> {
        self.files.iter().map(|file| (file.name.as_path(), file.print()))
    }

    /// The master file that was read.
    pub fn master(&self) -> &Path {
        &self.files[0].path
    }

    /// The value of a variable, or of any other row by its whole name. Where several files have it, the first one's.
    pub fn get(&self, variable: &str) -> Option<&str> {
        let (file, bare) = self.candidates(variable).next()?;
        self.files[file].get(bare)
    }

    /// What a row says about a variable: the row `Variable.Property` of its own file. Of a module there may be such rows
    /// only.
    pub fn property(&self, variable: &str, property: &str) -> Option<&str> {
        match self.candidates(variable).next() {
            Some((file, bare)) => self.files[file].get(&format!("{bare}.{property}")),
            None => self.get(&format!("{variable}.{property}")),
        }
    }

    /// Where a row stands.
    pub fn at(&self, variable: &str) -> Option<At> {
        let (file, bare) = self.candidates(variable).next()?;
        self.files[file].at(bare)
    }

    /// Where a row's value stands.
    pub fn value_at(&self, variable: &str) -> Option<At> {
        let (file, bare) = self.candidates(variable).next()?;
        self.files[file].value_at(bare)
    }

    /// Every variable, in reading order; without the rows about variables and those that include.
    pub fn variables(&self) -> impl Iterator<Item = Variable<'_>> {
        self.all().filter(|(file, bare)| !self.files[*file].is_about_another(bare)).map(|row| self.named(row))
    }

    /// Every row by its whole name, in reading order.
    pub fn rows(&self) -> impl Iterator<Item = Variable<'_>> {
        self.all().map(|row| self.named(row))
    }

    /// What is included: the product, and its file's name below the master's folder.
    pub fn products(&self) -> impl Iterator<Item = (&str, &Path)> {
        self.files[1..].iter().map(|file| (file.product.as_str(), file.name.as_path()))
    }

    /// Gives a variable another value; any other row too, by its whole name.
    pub fn set(&mut self, variable: &str, value: &str) -> Result<(), SilentError> {
        let (file, bare) = self.resolve(variable)?;
        if self.files[file].get(bare) == Some(value) {
            return Ok(());
        }
        let written = self.encoded(file, bare, value)?;
        self.files[file].set(bare, written, value.to_owned().into());
        Ok(())
    }

    /// Puts the secret into a variable and into the one that confirms it, as a plain value: the rows that say how the
    /// old one was encrypted go. Changes nothing when it is refused.
    pub fn set_secret(&mut self, variable: &str, twin: Option<&str>, secret: &Secret) -> Result<(), SilentError> {
        let (file, bare) = self.resolve(variable)?;
        let twin = match twin {
            None => None,
            Some(twin) if self.files[file].has(twin) => Some((file, twin)),
            Some(twin) => Some(self.resolve(twin)?),
        };
        let spots: Vec<(usize, &str)> = [(file, bare)].into_iter().chain(twin).collect();
        let mut written = Vec::with_capacity(spots.len());
        for (file, bare) in &spots {
            if secret.is_empty() {
                let rule = Rule::Value { name: (*bare).to_owned(), rule: "a secret is needed here, and it is empty" };
                return Err(SilentError::new(self.place(*file, bare), rule));
            }
            written.push(self.encoded(*file, bare, secret.expose())?);
        }
        for ((file, bare), written) in spots.into_iter().zip(written) {
            self.files[file].set(bare, written, secret.expose().to_owned().into());
            self.files[file].remove(&format!("{bare}.Format"));
        }
        Ok(())
    }

    fn encoded(&self, file: usize, bare: &str, value: &str) -> Result<Zeroizing<Vec<u8>>, SilentError> {
        encode(value)
            .map_err(|rule| SilentError::new(self.place(file, bare), Rule::Value { name: bare.to_owned(), rule }))
    }

    fn place(&self, file: usize, bare: &str) -> At {
        let file = &self.files[file];
        file.value_at(bare).unwrap_or_else(|| At::start_of(&file.path))
    }

    /// The one row that a name means.
    fn resolve<'a>(&self, variable: &'a str) -> Result<(usize, &'a str), SilentError> {
        let mut candidates = self.candidates(variable);
        let Some((file, bare)) = candidates.next() else {
            return Err(SilentError::new(At::start_of(self.master()), Rule::Missing(variable.to_owned())));
        };
        let Some((second, _)) = candidates.next() else { return Ok((file, bare)) };
        let choices = [file, second].map(|file| format!("{}{OF}{bare}", self.files[file].product)).join(" or ");
        let rule = Rule::Several { name: bare.to_owned(), other: Box::new(self.place(second, bare)), choices };
        Err(SilentError::new(self.place(file, bare), rule))
    }

    /// Every row that a name may mean: the file, and the name in it.
    fn candidates<'a>(&self, variable: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
        let (product, bare) = match variable.split_once(OF) {
            Some((product, bare)) => (Some(product), bare),
            None => (None, variable),
        };
        (0..self.files.len())
            .filter(move |file| product.is_none_or(|product| self.files[*file].product == product))
            .filter(move |file| self.files[*file].has(bare))
            .map(move |file| (file, bare))
    }

    fn all(&self) -> impl Iterator<Item = (usize, &str)> {
        (0..self.files.len()).flat_map(|file| self.files[file].names().map(move |bare| (file, bare)))
    }

    fn named<'a>(&'a self, (file, bare): (usize, &'a str)) -> Variable<'a> {
        let product = &self.files[file].product;
        let is_single = self.candidates(bare).nth(1).is_none();
        let name = if is_single { Cow::Borrowed(bare) } else { Cow::Owned(format!("{product}{OF}{bare}")) };
        Variable { name, bare, product }
    }
}

/// Following includes.
struct Reading<'a> {
    /// The master's folder: nothing outside is read.
    home: &'a Path,
    files: Vec<SilentFile>,
    /// Where each really lies, and which line included it.
    real: Vec<(PathBuf, At)>,
    /// Those that are being read, by their index.
    chain: Vec<PathBuf>,
}

impl Reading<'_> {
    fn file(&mut self, real: &Path, name: PathBuf, product: String, from: &At) -> Result<(), SilentError> {
        let path = self.home.join(&name);
        let refused = |rule| Err(SilentError::new(from.clone(), rule));
        let unreadable = |error: std::io::Error| refused(Rule::unreadable(&error));
        match std::fs::metadata(real) {
            Ok(meta) if meta.len() > MOST_MEBIBYTES << 20 => {
                return Err(SilentError::new(At::start_of(path), Rule::TooLarge(MOST_MEBIBYTES)));
            }
            Ok(_) => {}
            Err(error) => return unreadable(error),
        }
        let text = match read_inside(self.home, real) {
            Ok(text) => text,
            Err(error) => return unreadable(error),
        };
        let file = SilentFile::parse(path, name, product, text)?;
        let includes: Vec<(String, String, At)> = file
            .names()
            .filter_map(|row| {
                let product = row.strip_prefix(INCLUDE)?;
                Some((product.to_owned(), file.get(row)?.to_owned(), file.value_at(row)?))
            })
            .collect();
        self.files.push(file);
        self.real.push((real.to_path_buf(), from.clone()));
        self.chain.push(real.to_path_buf());
        for (product, value, at) in includes {
            self.include(product, &value, &at)?;
        }
        self.chain.pop();
        Ok(())
    }

    fn include(&mut self, product: String, value: &str, at: &At) -> Result<(), SilentError> {
        let refused = |rule| Err(SilentError::new(at.clone(), rule));
        if value.is_empty() {
            let rule = "no file is named: name one, or remove this line";
            return refused(Rule::Value { name: format!("{INCLUDE}{product}"), rule });
        }
        let is_below = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        // A Windows path lies elsewhere too, whatever it looks like here.
        if value.contains('\\') || !Path::new(value).components().all(is_below) {
            return refused(Rule::Outside(value.to_owned()));
        }
        let name: PathBuf = Path::new(value).components().filter(|part| *part != Component::CurDir).collect();
        let real = match inside(self.home, &self.home.join(&name)) {
            Ok(real) if real.is_dir() => return refused(Rule::Unreadable("it is a folder".into())),
            Ok(real) if real.exists() => real,
            Ok(_) => return refused(Rule::IncludeMissing(value.to_owned())),
            Err(error) => {
                return refused(match error.kind() {
                    std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
                        Rule::IncludeMissing(value.to_owned())
                    }
                    std::io::ErrorKind::Other => Rule::Outside(value.to_owned()),
                    _ => Rule::unreadable(&error),
                });
            }
        };
        if self.chain.contains(&real) {
            return refused(Rule::Cycle(value.to_owned()));
        }
        if let Some((_, other)) = self.real.iter().find(|(read, _)| *read == real) {
            return refused(Rule::IncludedTwice { name: value.to_owned(), other: Box::new(other.clone()) });
        }
        if self.files.len() > MOST_FILES {
            return refused(Rule::TooMany(MOST_FILES));
        }
        self.file(&real, name, product, at)
    }
}
