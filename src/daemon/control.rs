//! A server's control socket: a Unix socket of mode 0600 on which one line of JSON asks and one line answers.
//!
//! A request is an object with `do`; an answer is an object with `ok` and, when that is false, `error`, a text for
//! people, and where a caller decides by it also `code`.

use std::fs::Permissions;
use std::future::Future;
use std::io::{self, BufRead, BufReader, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener as StdListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustix::fs::{Mode, OFlags};
use serde_json::{Value, json};
use thiserror::Error;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader as AsyncBufReader};
use tokio::net::UnixListener;

/// The longest request and answer, in bytes.
const MAX_LINE: u64 = 1024 * 1024;
/// The kernel's limit for a socket's path, with the closing zero.
const MAX_SOCKET_PATH: usize = 108;
/// How long a server waits when the system has no connection to give.
const RELIEF: Duration = Duration::from_millis(100);

/// The code of a refusal whose reason is the secret itself.
pub const NOT_ACCEPTED: &str = "not-accepted";

/// What a server answers when it does not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{text}")]
pub struct Refusal {
    /// Why, in one line for people.
    pub text: String,
    /// Which kind of refusal it is, where a caller decides by it.
    pub code: Option<String>,
}

impl Refusal {
    /// The server's own word in an error of [`ask`]; `None` when it gave none.
    pub fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }

    /// Whether it is of this kind.
    pub fn is(&self, code: &str) -> bool {
        self.code.as_deref() == Some(code)
    }
}

impl From<String> for Refusal {
    fn from(text: String) -> Self {
        Self { text, code: None }
    }
}

/// Asks a server and returns its answer's object.
///
/// # Errors
/// The server cannot be reached or does not answer in time; or its own [`Refusal`], of kind `Other`.
pub fn ask(socket: &Path, request: &Value, deadline: Duration) -> io::Result<Value> {
    let reach = Reach::new(socket)?;
    let mut stream = UnixStream::connect(reach.path())?;
    stream.set_read_timeout(Some(deadline))?;
    stream.set_write_timeout(Some(deadline))?;
    stream.write_all(format!("{request}\n").as_bytes())?;
    let mut line = String::new();
    let mut reader = BufReader::new(io::Read::take(stream, MAX_LINE));
    reader.read_line(&mut line)?;
    if line.is_empty() {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the control socket"));
    }
    let answer: Value = serde_json::from_str(&line)?;
    if answer["ok"] == json!(true) {
        Ok(answer)
    } else {
        let text = answer["error"].as_str().unwrap_or("the server refused").to_owned();
        Err(io::Error::other(Refusal { text, code: answer["code"].as_str().map(str::to_owned) }))
    }
}

/// Makes the socket, replacing one that a dead server left behind (the caller holds the pid file).
pub fn listen(socket: &Path) -> io::Result<UnixListener> {
    crate::fs::remove_file(socket)?;
    let reach = Reach::new(socket)?;
    // The folder is 0700, so nobody can connect before the mode is set.
    let listener = StdListener::bind(reach.path())?;
    std::fs::set_permissions(socket, Permissions::from_mode(crate::fs::PRIVATE_FILE))?;
    listener.set_nonblocking(true)?;
    UnixListener::from_std(listener)
}

/// Answers requests until the task is dropped, each connection by itself.
pub async fn serve<H, F, E>(listener: UnixListener, handler: H)
where
    H: Fn(Value) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Value, E>> + Send + 'static,
    E: Into<Refusal>,
{
    let handler = Arc::new(handler);
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // The system is out of descriptors or memory; there is no event for "there are some again".
            tokio::time::sleep(RELIEF).await;
            continue;
        };
        let handler = handler.clone();
        tokio::spawn(async move {
            let (read, mut write) = stream.into_split();
            let mut lines = AsyncBufReader::new(read.take(MAX_LINE)).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                let answer = match serde_json::from_str(&line) {
                    Ok(request) => handler(request).await.map_err(Into::into),
                    Err(_) => Err("the request is no JSON".to_owned().into()),
                };
                if write.write_all(format!("{}\n", framed(answer)).as_bytes()).await.is_err() {
                    break;
                }
            }
        });
    }
}

fn framed(answer: Result<Value, Refusal>) -> Value {
    match answer {
        Ok(Value::Object(mut object)) => {
            object.insert("ok".into(), json!(true));
            Value::Object(object)
        }
        Ok(value) => json!({ "ok": true, "value": value }),
        Err(Refusal { text, code: None }) => json!({ "ok": false, "error": text }),
        Err(Refusal { text, code: Some(code) }) => json!({ "ok": false, "error": text, "code": code }),
    }
}

/// A path short enough for the kernel: a long one is reached through an open descriptor of its folder.
struct Reach {
    path: PathBuf,
    _folder: Option<OwnedFd>,
}

impl Reach {
    fn new(socket: &Path) -> io::Result<Self> {
        if socket.as_os_str().len() < MAX_SOCKET_PATH {
            return Ok(Self { path: socket.to_path_buf(), _folder: None });
        }
        let (Some(folder), Some(name)) = (socket.parent(), socket.file_name()) else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "names no socket"));
        };
        let open = rustix::fs::open(folder, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
        let path = PathBuf::from(format!("/proc/self/fd/{}", open.as_raw_fd())).join(name);
        Ok(Self { path, _folder: Some(open) })
    }

    fn path(&self) -> &Path {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn round_trip(socket: PathBuf) {
        let listener = listen(&socket).expect("listening");
        assert_eq!(std::fs::metadata(&socket).expect("there").permissions().mode() & 0o777, 0o600);
        let server = tokio::spawn(serve(listener, |request: Value| async move {
            match request["do"].as_str() {
                Some("echo") => Ok(json!({ "said": request["text"] })),
                _ => Err(Refusal { text: "unknown".into(), code: Some("what".into()) }),
            }
        }));
        let asked = tokio::task::spawn_blocking(move || {
            let deadline = Duration::from_secs(5);
            let good = ask(&socket, &json!({ "do": "echo", "text": "hi" }), deadline);
            let bad = ask(&socket, &json!({ "do": "dance" }), deadline);
            (good.expect("answered")["said"].clone(), bad.expect_err("refused"))
        });
        let (said, refused) = asked.await.expect("asked");
        assert_eq!(said, json!("hi"));
        assert_eq!(refused.to_string(), "unknown");
        assert!(Refusal::of(&refused).is_some_and(|refusal| refusal.is("what")));
        server.abort();
    }

    #[tokio::test]
    async fn a_request_is_answered_and_an_unknown_one_refused() {
        let dir = tempfile::tempdir().expect("a folder");
        round_trip(dir.path().join("control.sock")).await;
    }

    #[tokio::test]
    async fn a_path_longer_than_the_kernel_takes_works_too() {
        let dir = tempfile::tempdir().expect("a folder");
        let deep = dir.path().join("d".repeat(60)).join("e".repeat(60));
        std::fs::create_dir_all(&deep).expect("made");
        round_trip(deep.join("control.sock")).await;
    }
}
