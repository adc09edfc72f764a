//! How servers are asked from code that is not asynchronous itself: beside each other, each within its deadline.

use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;
use thiserror::Error;

use super::found::Found;
use crate::daemon::control::{self, Refusal};

/// Why a server gave no answer on its control socket. Each text is one line for people.
#[derive(Debug, Error)]
pub(crate) enum NoAnswer {
    /// Nobody listens there.
    #[error("its control socket cannot be reached: {0}")]
    Unreachable(io::Error),
    /// It listens, but said nothing in time.
    #[error("{}", late(*.0))]
    Late(Duration),
    /// It answered that it cannot, and why.
    #[error("{0}")]
    Refused(Refusal),
}

/// Runs this to its end on threads of its own. What still waits in a system call then is left behind.
pub(crate) fn block_on<T>(questions: impl Future<Output = T>) -> io::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let answers = runtime.block_on(questions);
    runtime.shutdown_background();
    Ok(answers)
}

/// Asks a server over its control socket.
pub(crate) async fn ask(socket: PathBuf, request: Value, deadline: Duration) -> Result<Value, NoAnswer> {
    let asked = tokio::task::spawn_blocking(move || control::ask(&socket, &request, deadline));
    match tokio::time::timeout(deadline, asked).await {
        Ok(Ok(answer)) => answer.map_err(|error| NoAnswer::of(error, deadline)),
        Ok(Err(error)) => Err(NoAnswer::Unreachable(io::Error::other(error))),
        Err(_) => Err(NoAnswer::Late(deadline)),
    }
}

/// What everything comes to when not even the asking can begin.
pub(super) fn impossible(error: &io::Error) -> Found {
    Found::cannot_tell(format!("nothing could be asked: {error}"))
}

/// How a passed deadline is told.
pub(crate) fn late(deadline: Duration) -> String {
    format!("no answer within {} s", deadline.as_secs_f32())
}

impl NoAnswer {
    fn of(error: io::Error, deadline: Duration) -> Self {
        match (Refusal::of(&error), error.kind()) {
            (Some(refusal), _) => Self::Refused(refusal.clone()),
            (None, io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => Self::Late(deadline),
            (None, _) => Self::Unreachable(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use serde_json::json;

    use super::*;

    #[test]
    fn a_server_that_is_gone_and_one_that_says_nothing_are_told_apart() {
        let dir = tempfile::tempdir().expect("a folder");
        let (gone, silent) = (dir.path().join("gone.sock"), dir.path().join("silent.sock"));
        let _listener = UnixListener::bind(&silent).expect("listening");
        let answers = block_on(async {
            let deadline = Duration::from_millis(50);
            tokio::join!(ask(gone, json!({}), deadline), ask(silent, json!({}), deadline))
        });
        let (gone, silent) = answers.expect("asked");
        assert!(matches!(gone, Err(NoAnswer::Unreachable(_))));
        assert!(matches!(&silent, Err(NoAnswer::Late(_))));
        assert_eq!(silent.expect_err("late").to_string(), "no answer within 0.05 s");
    }
}
