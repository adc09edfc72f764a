//! Signals that want the program to end. They end a question as `q` does, so that the terminal gets its echo back; a change
//! that is under way ends by itself, as on the full screen.

use std::io;
use std::os::unix::net::UnixStream;
use std::thread;

use tokio::signal::unix::{SignalKind, signal};

/// Heeds SIGTERM, SIGINT and SIGHUP from here on. What is given back can be read from once one of them has come.
pub fn heed() -> io::Result<UnixStream> {
    let (tell, told) = UnixStream::pair()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let entered = runtime.enter();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    drop(entered);
    thread::Builder::new().name("signals".into()).spawn(move || {
        runtime.block_on(async {
            tokio::select! { _ = terminate.recv() => (), _ = interrupt.recv() => (), _ = hang_up.recv() => () }
        });
        // The other end can be read from now: it is at its end.
        drop(tell);
    })?;
    Ok(told)
}
