//! Where a secret comes from: `env:`, `file:`, `fd:`, `stdin`, `cred:`, `command:`, `generate`, `prompt`, `same`.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr;

use thiserror::Error;
use zeroize::Zeroizing;

use super::{MAX_LENGTH, Secret};

/// A reference to a secret, as an answer file or a flag names it. It is not secret itself, so it can be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The same as the authority's.
    Same,
    /// Make one when the authority has none; else read it from a place that proves.
    Generate,
    /// The one that the estate holds already.
    Keep,
    /// Asked on the terminal.
    Prompt,
    /// An environment variable.
    Env(String),
    /// A file of ours or root's, closed to others; a newline at its end does not count.
    File(PathBuf),
    /// An open file descriptor.
    Fd(u32),
    /// Standard input.
    Stdin,
    /// A systemd credential, by name.
    Cred(String),
    /// The standard output of a command, which sees no variable but `HOME` and `PATH`.
    Command(Vec<String>),
}

/// Why a secret could not be had. The text never holds any part of it.
#[derive(Debug, Error)]
pub enum SourceError {
    /// The reference is none that we know; a literal secret ends here too.
    #[error(
        "is not a secret source: use env:NAME, file:PATH, fd:N, stdin, cred:NAME, command:[\"…\"], generate or prompt; \
         the secret itself never stands in an answer file"
    )]
    NotASource,
    /// The variable is not set or not text.
    #[error("the environment variable {0} is not set")]
    NoVariable(String),
    /// The file cannot be read.
    #[error("{path} cannot be read: {error}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is open to others or belongs to somebody else.
    #[error("{path} {rule}")]
    Unsafe {
        /// Which file.
        path: PathBuf,
        /// What is wrong, and the remedy.
        rule: &'static str,
    },
    /// The command failed.
    #[error("the command {program} {why}")]
    Command {
        /// Its first word.
        program: String,
        /// What went wrong, without its output.
        why: String,
    },
    /// What came is no text, empty, several lines or too long.
    #[error("the secret from {from} {rule}")]
    Unusable {
        /// The source it came from.
        from: String,
        /// Which rule it breaks.
        rule: &'static str,
    },
    /// Generate, keep, prompt and same are decided by the caller.
    #[error("'{0}' gives no value by itself")]
    NeedsCaller(String),
}

impl FromStr for Source {
    type Err = SourceError;

    fn from_str(text: &str) -> Result<Self, SourceError> {
        let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
        Ok(match (kind, rest) {
            ("same", "") => Self::Same,
            ("generate", "") => Self::Generate,
            ("keep", "") => Self::Keep,
            ("prompt", "") => Self::Prompt,
            ("stdin", "") => Self::Stdin,
            ("env", name) if !name.is_empty() && !name.contains('=') => Self::Env(name.into()),
            ("file", path) if !path.is_empty() => Self::File(path.into()),
            ("fd", number) => Self::Fd(number.parse().map_err(|_| SourceError::NotASource)?),
            ("cred", name) if !name.is_empty() && !name.contains('/') => Self::Cred(name.into()),
            ("command", list) => {
                let argv: Vec<String> = serde_json::from_str(list).map_err(|_| SourceError::NotASource)?;
                if argv.is_empty() {
                    return Err(SourceError::NotASource);
                }
                Self::Command(argv)
            }
            _ => return Err(SourceError::NotASource),
        })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Same => f.write_str("same"),
            Self::Generate => f.write_str("generate"),
            Self::Keep => f.write_str("keep"),
            Self::Prompt => f.write_str("prompt"),
            Self::Stdin => f.write_str("stdin"),
            Self::Env(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Fd(number) => write!(f, "fd:{number}"),
            Self::Cred(name) => write!(f, "cred:{name}"),
            Self::Command(argv) => write!(f, "command:{}", serde_json::Value::from(argv.clone())),
        }
    }
}

impl Source {
    /// Reads the value. What [`Source::Same`], [`Source::Generate`], [`Source::Keep`] and [`Source::Prompt`] give is the
    /// caller's to decide.
    pub fn read(&self) -> Result<Secret, SourceError> {
        let bytes = match self {
            Self::Same | Self::Generate | Self::Keep | Self::Prompt => {
                return Err(SourceError::NeedsCaller(self.to_string()));
            }
            Self::Env(name) => {
                Zeroizing::new(std::env::var(name).map_err(|_| SourceError::NoVariable(name.clone()))?.into_bytes())
            }
            Self::File(path) => read_private_file(path)?,
            Self::Fd(number) => read_file(&PathBuf::from(format!("/proc/self/fd/{number}")))?,
            Self::Stdin => read_stdin()?,
            Self::Cred(name) => {
                let folder = std::env::var_os("CREDENTIALS_DIRECTORY")
                    .ok_or_else(|| SourceError::NoVariable("CREDENTIALS_DIRECTORY".into()))?;
                // Who may enter that folder is the system's to say; what it shows as a mode may be an access list.
                read_file(&Path::new(&folder).join(name))?
            }
            Self::Command(argv) => run(argv)?,
        };
        self.usable(&bytes)
    }

    /// One line of text, not empty and not longer than [`MAX_LENGTH`]; a single newline at the end is dropped.
    fn usable(&self, bytes: &[u8]) -> Result<Secret, SourceError> {
        let refuse = |rule| SourceError::Unusable { from: self.to_string(), rule };
        let text = std::str::from_utf8(bytes).map_err(|_| refuse("is not UTF-8 text"))?;
        let line = text.strip_suffix('\n').unwrap_or(text);
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.is_empty() {
            Err(refuse("is empty"))
        } else if line.contains(['\n', '\r', '\0']) {
            Err(refuse("has more than one line"))
        } else if line.len() > MAX_LENGTH {
            Err(refuse("is longer than 1024 bytes"))
        } else {
            Ok(Secret::copy_of(line))
        }
    }
}

/// Refuses a file that others could read or that somebody else could have written.
pub fn check_private_file(path: &Path) -> Result<(), SourceError> {
    let meta = std::fs::metadata(path).map_err(|error| SourceError::Unreadable { path: path.into(), error })?;
    check_private(path, &meta)
}

fn check_private(path: &Path, meta: &std::fs::Metadata) -> Result<(), SourceError> {
    let refuse = |rule| Err(SourceError::Unsafe { path: path.into(), rule });
    let owner = meta.uid();
    if !meta.is_file() {
        refuse("is not a regular file")
    } else if meta.mode() & 0o077 != 0 {
        refuse("can be read by others: close it with chmod 600")
    } else if owner != 0 && owner != rustix::process::geteuid().as_raw() {
        refuse("belongs to another user: it must be yours or root's")
    } else {
        Ok(())
    }
}

fn read_private_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, SourceError> {
    let unreadable = |error| SourceError::Unreadable { path: path.into(), error };
    // Checked on the open file, so that it cannot be exchanged between the check and the reading.
    let mut file = File::open(path).map_err(unreadable)?;
    check_private(path, &file.metadata().map_err(unreadable)?)?;
    read_all(&mut file, path)
}

fn read_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, SourceError> {
    let mut file = File::open(path).map_err(|error| SourceError::Unreadable { path: path.into(), error })?;
    read_all(&mut file, path)
}

/// Reads past the standard library's buffer, which lasts as long as the process and is never wiped.
fn read_stdin() -> Result<Zeroizing<Vec<u8>>, SourceError> {
    let path = Path::new("standard input");
    let unreadable = |error| SourceError::Unreadable { path: path.into(), error };
    let mut file = std::io::stdin().as_fd().try_clone_to_owned().map(File::from).map_err(unreadable)?;
    read_all(&mut file, path)
}

/// Reads into a buffer that never grows, so that no copy stays behind.
fn read_all(from: &mut impl Read, path: &Path) -> Result<Zeroizing<Vec<u8>>, SourceError> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_LENGTH + 3));
    from.take(MAX_LENGTH as u64 + 3)
        .read_to_end(&mut bytes)
        .map_err(|error| SourceError::Unreadable { path: path.into(), error })?;
    Ok(bytes)
}

fn run(argv: &[String]) -> Result<Zeroizing<Vec<u8>>, SourceError> {
    let failed = |why: String| SourceError::Command { program: argv[0].clone(), why };
    let kept = ["HOME", "PATH"].map(|name| (name, std::env::var_os(name)));
    // What it says on standard error may hold the secret, and would be drawn over the wizard's screen.
    let mut child = Command::new(&argv[0])
        .args(&argv[1..])
        .env_clear()
        .envs(kept.into_iter().filter_map(|(name, value)| Some((name, value?))))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed(format!("cannot be started: {error}")))?;
    let Some(mut out) = child.stdout.take() else {
        return Err(failed("gave no output".into()));
    };
    let bytes = read_all(&mut out, Path::new(&argv[0]))?;
    drop(out);
    let status = child.wait().map_err(|error| failed(error.to_string()))?;
    if status.success() { Ok(bytes) } else { Err(failed(format!("ended with {status}: run it by hand to see why"))) }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn every_source_reads_back_as_written() {
        for text in [
            "same",
            "generate",
            "keep",
            "prompt",
            "stdin",
            "env:A",
            "file:/a",
            "fd:3",
            "cred:a",
            "command:[\"a\",\"b c\"]",
        ] {
            let source: Source = text.parse().expect(text);
            assert_eq!(source.to_string(), text);
        }
    }

    #[test]
    fn a_literal_secret_is_refused_without_showing_it() {
        let Err(error) = "hunter2hunter2".parse::<Source>() else { panic!("taken for a source") };
        assert!(!error.to_string().contains("hunter2"));
    }

    #[test]
    fn a_file_open_to_others_is_refused_and_a_closed_one_is_read() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("secret");
        std::fs::write(&path, "correct horse\n").expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("mode");
        assert!(matches!(Source::File(path.clone()).read(), Err(SourceError::Unsafe { .. })));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("mode");
        let secret = Source::File(path).read().unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(secret.expose(), "correct horse");
    }

    #[test]
    fn commands_give_their_output_and_their_failure_is_named() {
        let good: Source = r#"command:["printf","abc"]"#.parse().expect("a source");
        assert_eq!(good.read().unwrap_or_else(|e| panic!("{e}")).expose(), "abc");
        let bad: Source =
            r#"command:["sh", "-c", "echo hunter2 | tee /dev/stderr; exit 7"]"#.parse().expect("a source");
        let Err(error @ SourceError::Command { .. }) = bad.read() else { panic!("it failed") };
        assert!(error.to_string().contains("exit status: 7") && !error.to_string().contains("hunter2"), "{error}");
    }
}
