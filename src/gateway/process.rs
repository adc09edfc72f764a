//! The life of the gateway's process: pid file, port, repositories, ready, work, end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::auth::Door;
use super::cache::Cache;
use super::home::Home;
use super::limits::Limits;
use super::set::Set;
use super::settings::{LISTEN, Settings};
use super::{Failure, Log, NAME, control, http};
use crate::daemon::pidfile;
use crate::daemon::signals::{Signals, Told};
use crate::fs::remove_file;

const CLASS: &str = "Gateway";
/// How long writing to disk may go on once the gateway ends.
const LAST_WRITES: Duration = Duration::from_secs(5);

/// Runs the gateway until it is told to end. `listen` is what the settings do not say. `ready` is called once, when every
/// repository has tried to register and requests are answered.
///
/// # Errors
/// What kept it from becoming ready.
pub fn run(home: &Home, listen: Option<SocketAddr>, log: &Log, ready: impl FnOnce()) -> Result<(), Failure> {
    let cannot =
        |error: io::Error| Failure::CannotTell(format!("{NAME} cannot run in {}: {error}", home.folder().display()));
    let pid_file = pidfile::take(&home.pid()).map_err(cannot)?;
    let pid_file = pid_file.ok_or_else(|| Failure::AlreadyRunning(format!("{NAME} is already running")))?;
    let runtime = Runtime::new().map_err(cannot)?;
    log.info(CLASS, &format!("{NAME} starts, version {}, process {}", env!("CARGO_PKG_VERSION"), std::process::id()));
    let ended = runtime.block_on(live(home, listen, log, ready));
    // Whoever starts next must find nothing of ours still at work.
    runtime.shutdown_timeout(LAST_WRITES);
    if let Err(failure) = &ended {
        log.error(CLASS, &failure.to_string());
    }
    log.info(CLASS, &format!("{NAME} ends"));
    drop(pid_file);
    ended
}

async fn live(home: &Home, listen: Option<SocketAddr>, log: &Log, ready: impl FnOnce()) -> Result<(), Failure> {
    let mut signals = Signals::new().map_err(|error| Failure::Failed(format!("no signals can be taken: {error}")))?;
    let mut running = tokio::select! {
        running = Running::start(home, listen, log) => running?,
        () = signals.end() => return Ok(()),
    };
    log.info(CLASS, &format!("{NAME} is ready"));
    ready();
    running.until_the_end(&mut signals).await;
    running.end(home);
    Ok(())
}

/// A ready gateway.
struct Running {
    door: Arc<Door>,
    control: JoinHandle<()>,
    answers: JoinHandle<()>,
    stopped: mpsc::Receiver<()>,
}

impl Running {
    async fn start(home: &Home, listen: Option<SocketAddr>, log: &Log) -> Result<Self, Failure> {
        let settings = Settings::read(&home.settings())?;
        // Taken first, so that a port in use is found out before all else.
        let (listener, address) = bound(listen.or(settings.listen), log).await?;
        if !address.ip().is_loopback() {
            let text = "passwords come over it: let only web servers of yours reach it";
            log.warn(CLASS, &format!("{address} is not of this host alone, and {text}"));
        }
        let door = Arc::new(Door {
            set: Set::begin(home, log).await?,
            cache: Cache::new(&settings),
            limits: Limits::new(settings.failures),
            address,
            log: log.clone(),
        });
        let (stop, stopped) = mpsc::channel(1);
        let socket = home.socket();
        let control = control::serve(&socket, door.clone(), stop)
            .map_err(|error| Failure::CannotTell(format!("{} cannot be made: {error}", home.shown(&socket))))?;
        let answers = tokio::spawn(http::serve(listener, door.clone(), settings.connections));
        log.info(CLASS, &format!("answers web servers at {address}"));
        Ok(Self { door, control: tokio::spawn(control), answers, stopped })
    }

    async fn until_the_end(&mut self, signals: &mut Signals) {
        loop {
            tokio::select! {
                _ = self.stopped.recv() => return,
                told = signals.next() => match told {
                    Told::End => return,
                    // The log tells how it went; nobody waits for a signal's answer.
                    Told::Reload => {
                        let door = self.door.clone();
                        tokio::spawn(async move { door.reload().await.map(drop) });
                    }
                },
            }
        }
    }

    fn end(self, home: &Home) {
        self.answers.abort();
        let _ = remove_file(&home.socket());
        self.control.abort();
    }
}

/// Listens at this address. Where nobody named one, nobody asks at the usual port yet: if it is taken, any other will do.
async fn bound(named: Option<SocketAddr>, log: &Log) -> Result<(TcpListener, SocketAddr), Failure> {
    let address = named.unwrap_or(LISTEN);
    let bound = match TcpListener::bind(address).await {
        Err(error) if named.is_none() && error.kind() == io::ErrorKind::AddrInUse => {
            log.warn(CLASS, &format!("{address} is in use, so another port is taken: set `listen` in gateway.toml"));
            TcpListener::bind((address.ip(), 0)).await
        }
        bound => bound,
    };
    let bound = bound.and_then(|listener| listener.local_addr().map(|address| (listener, address)));
    bound.map_err(|error| Failure::Refused(format!("{address} cannot be listened at: {error}")))
}

impl Door {
    /// How the gateway is, without anything secret.
    pub fn status(&self) -> Value {
        let mut status = self.set.status();
        status["listen"] = json!(self.address);
        status
    }

    /// Reads the repositories anew. Nothing that was said before counts any more.
    pub async fn reload(&self) -> Result<Option<String>, Failure> {
        let reloaded = self.set.reload().await;
        match &reloaded {
            Ok(_) => self.cache.clear(),
            Err(failure) => self.log.error(CLASS, &format!("reload failed, what was before goes on: {failure}")),
        }
        reloaded
    }
}
