//! Looking for a secret as somebody would who knows how programs keep text.

use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// How a text may be written.
type Form = (&'static str, Vec<u8>);

/// Everything to look for. It has no `Debug`, so that a failing test does not print the secret.
pub struct Needle(Vec<Form>);

/// Where something was found, without what.
#[derive(PartialEq, Eq)]
pub struct Hit {
    form: &'static str,
    at: String,
}

impl fmt::Debug for Hit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {}", self.form, self.at)
    }
}

impl Needle {
    /// Both halves of a secret in every form: a block of the heap that was freed loses its first bytes to the heap's own
    /// pointers, and half a secret is found out soon.
    pub fn new(secret: &str) -> Self {
        assert!(secret.is_ascii() && secret.len() >= 24, "half of it would be found by chance");
        let (first, second) = secret.split_at(secret.len() / 2);
        Self([first, second].into_iter().flat_map(forms).collect())
    }

    /// The forms in which these bytes hold it.
    pub fn forms_in(&self, bytes: &[u8]) -> Vec<&'static str> {
        self.0.iter().filter(|(_, pattern)| holds(bytes, pattern)).map(|(form, _)| *form).collect()
    }

    /// Where it is in the memory of a process: all that can be read of it.
    pub fn in_memory(&self, pid: &str) -> Vec<Hit> {
        let memory = File::open(format!("/proc/{pid}/mem")).expect("the memory can be read: run this as root");
        let maps = File::open(format!("/proc/{pid}/maps")).expect("its mappings");
        let mut hits = Vec::new();
        let mut seen = 0;
        for line in BufReader::new(maps).lines().map(|line| line.expect("a line")) {
            let Some((from, length)) = readable(&line) else { continue };
            let mut bytes = vec![0; length];
            // The kernel's own pages are listed and cannot be read.
            if memory.read_exact_at(&mut bytes, from).is_err() {
                continue;
            }
            seen += length;
            hits.extend(self.forms_in(&bytes).into_iter().map(|form| Hit { form, at: line.clone() }));
        }
        assert!(seen > 1 << 20, "only {seen} bytes of process {pid} could be read");
        hits
    }

    /// The files below a folder that hold it, in their name or in their content.
    pub fn in_files(&self, folder: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![folder.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).expect("listed").filter_map(Result::ok) {
                let kind = entry.file_type().expect("its kind");
                let named = !self.forms_in(entry.file_name().as_encoded_bytes()).is_empty();
                let path = entry.path();
                if kind.is_dir() {
                    folders.push(path.clone());
                }
                let inside =
                    || kind.is_file() && std::fs::read(&path).is_ok_and(|text| !self.forms_in(&text).is_empty());
                if named || inside() {
                    found.push(path);
                }
            }
        }
        found.sort();
        found
    }
}

/// Start and length of a mapping that can be read.
fn readable(line: &str) -> Option<(u64, usize)> {
    let mut words = line.split_whitespace();
    let (from, to) = words.next()?.split_once('-')?;
    let [from, to] = [from, to].map(|end| u64::from_str_radix(end, 16).expect("an address"));
    words.next()?.starts_with('r').then(|| (from, usize::try_from(to - from).expect("a length")))
}

fn forms(text: &str) -> Vec<Form> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut forms: Vec<Form> = vec![
        ("plain", text.into()),
        ("UTF-16 little-endian", units.iter().flat_map(|unit| unit.to_le_bytes()).collect()),
        ("UTF-16 big-endian", units.iter().flat_map(|unit| unit.to_be_bytes()).collect()),
        ("UTF-32", text.chars().flat_map(|letter| u32::from(letter).to_ne_bytes()).collect()),
    ];
    for (skipped, name) in ["base64", "base64 from the second byte", "base64 from the third byte"].iter().enumerate() {
        forms.extend([STANDARD, URL_SAFE].map(|alphabet| (*name, inner_base64(&alphabet, text, skipped))));
    }
    forms
}

/// The part of the base64 text that does not depend on what stands before and behind.
fn inner_base64(alphabet: &impl Engine, text: &str, bytes_before: usize) -> Vec<u8> {
    let whole = alphabet.encode(["\0".repeat(bytes_before).as_str(), text].concat());
    let (from, to) = ((bytes_before * 8).div_ceil(6), (bytes_before + text.len()) * 8 / 6);
    whole[from..to].into()
}

/// Jumps from one byte that is rare enough to the next, by the standard library's search: it is fast in a test build too.
fn holds(bytes: &[u8], pattern: &[u8]) -> bool {
    let Some(mark) = pattern.iter().position(|byte| *byte != 0) else { return false };
    let mut rest = bytes;
    loop {
        let skipped = rest.skip_until(pattern[mark]).expect("bytes can be read");
        let behind = bytes.len() - rest.len();
        if skipped == 0 {
            return false;
        }
        if behind > mark && bytes[behind - 1 - mark..].starts_with(pattern) {
            return true;
        }
    }
}

#[test]
fn it_finds_what_is_there_in_every_form_and_nothing_else() {
    let secret = "Kq7-Zr2L_xW0aTn5VbK7mYc9";
    let needle = Needle::new(secret);
    for before in 0..4 {
        let text = format!("{}{secret}~", "?".repeat(before));
        let units: Vec<u16> = text.encode_utf16().collect();
        for bytes in [
            text.clone().into_bytes(),
            units.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
            units.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
            STANDARD.encode(&text).into_bytes(),
            URL_SAFE.encode(&text).into_bytes(),
        ] {
            assert!(!needle.forms_in(&bytes).is_empty());
            assert!(!needle.forms_in(&bytes[..bytes.len() / 2 + 8]).is_empty(), "half of it is found too");
            assert!(needle.forms_in(&bytes[..bytes.len() / 3]).is_empty());
        }
    }
    assert!(needle.forms_in(&[0; 4096]).is_empty());
}
