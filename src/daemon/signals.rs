//! What a server is told by signals: SIGTERM and SIGINT end it, SIGHUP makes it read its secret anew.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// What a signal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It shall end.
    End,
    /// It shall read what may have changed.
    Reload,
}

/// The signals of a server.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    /// Takes them from here on.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// Waits for the next signal.
    pub async fn next(&mut self) -> Told {
        tokio::select! {
            _ = self.terminate.recv() => Told::End,
            _ = self.interrupt.recv() => Told::End,
            _ = self.hangup.recv() => Told::Reload,
        }
    }

    /// Waits for one that means the end. A server that still starts reads its secret anyway.
    pub async fn end(&mut self) {
        while self.next().await == Told::Reload {}
    }
}
