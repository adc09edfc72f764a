//! The life of an engine's process: pid file, start-up, ready, work, end.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::control;
use super::engine::Engine;
use super::failure::Failure;
use super::held::Held;
use super::home::Home;
use super::maps::Runner;
use super::roles::Role;
use super::settings::Settings;
use super::startup;
use crate::daemon::log::Log;
use crate::daemon::pidfile;
use crate::daemon::renewal;
use crate::daemon::signals::{Signals, Told};
use crate::fs::remove_file;

const CLASS: &str = "Engine";

/// How long writing to disk may go on once the engine ends.
const LAST_WRITES: Duration = Duration::from_secs(5);

/// Runs an engine until it is told to end. `ready` is called once, when it is.
///
/// # Errors
/// What kept it from becoming ready, or from going on.
pub fn run(home: &Home, engine: Engine, log: &Log, ready: impl FnOnce()) -> Result<(), Failure> {
    let cannot =
        |error: io::Error| Failure::CannotTell(format!("{engine} cannot run in {}: {error}", home.folder().display()));
    let pid_file = pidfile::take(&home.pid(engine)).map_err(cannot)?;
    let pid_file = pid_file.ok_or_else(|| Failure::AlreadyRunning(format!("{engine} is already running")))?;
    let runtime = Runtime::new().map_err(cannot)?;
    log.info(CLASS, &format!("{engine} starts, version {}, process {}", env!("CARGO_PKG_VERSION"), std::process::id()));
    let ended = runtime.block_on(live(home, engine, log, ready));
    // Whoever starts next must find nothing of ours still at work.
    runtime.shutdown_timeout(LAST_WRITES);
    if let Err(failure) = &ended {
        tell(log, failure);
    }
    log.info(CLASS, &format!("{engine} ends"));
    drop(pid_file);
    ended
}

/// Writes a failure into the log, under the class that it belongs to.
pub fn tell(log: &Log, failure: &Failure) {
    match failure {
        Failure::Pending(text) => {
            log.warn("Registration", &format!("{text} The next start goes on with the same request."));
        }
        Failure::NotAccepted(text) => log.error("PassPortAccess", text),
        other => log.error(CLASS, &other.to_string()),
    }
}

async fn live(home: &Home, engine: Engine, log: &Log, ready: impl FnOnce()) -> Result<(), Failure> {
    let mut signals = Signals::new().map_err(|error| Failure::Failed(format!("no signals can be taken: {error}")))?;
    let mut running = tokio::select! {
        running = Running::start(home, engine, log) => running?,
        () = signals.end() => return Ok(()),
    };
    log.info(CLASS, &format!("{engine} is ready"));
    ready();
    let ended = running.until_the_end(&mut signals).await;
    running.end(home, engine).await;
    ended
}

/// A ready engine.
struct Running {
    held: Arc<Held>,
    control: JoinHandle<()>,
    work: JoinHandle<io::Result<()>>,
    renewal: JoinHandle<()>,
    stopped: mpsc::Receiver<()>,
}

impl Running {
    async fn start(home: &Home, engine: Engine, log: &Log) -> Result<Self, Failure> {
        let settings = Settings::read(&home.settings())?;
        let role = Role::prepare(engine, settings).await?;
        let runner = Runner::new(settings.map_deadline);
        let started = startup::start(home, engine, &runner, log).await?;
        let work = role.begin(home, settings, runner, &started, log).await?;
        let held = Arc::new(Held::new(engine, started));
        let (stop, stopped) = mpsc::channel(1);
        let socket = home.socket(engine);
        let control = control::serve(&socket, held.clone(), stop)
            .map_err(|error| Failure::CannotTell(format!("{} cannot be made: {error}", home.shown(&socket))))?;
        let renewal = tokio::spawn(renewal::keep(held.holding.clone(), work.shown()));
        Ok(Self { held, control: tokio::spawn(control), work: tokio::spawn(work.run()), renewal, stopped })
    }

    async fn until_the_end(&mut self, signals: &mut Signals) -> Result<(), Failure> {
        loop {
            tokio::select! {
                _ = self.stopped.recv() => return Ok(()),
                told = signals.next() => match told {
                    Told::End => return Ok(()),
                    // The log tells how it went; nobody waits for a signal's answer.
                    Told::Reload => {
                        let held = self.held.holding.clone();
                        tokio::spawn(async move { held.reload().await.map(drop) });
                    }
                },
                ended = &mut self.work => {
                    let why = ended.map_err(io::Error::other).and_then(|ended| ended).err();
                    let why = why.map_or("it ended".to_owned(), |error| error.to_string());
                    return Err(Failure::Failed(format!("the exchange of documents does not go on: {why}")));
                }
            }
        }
    }

    /// A document on its way is sent again at the next start and recognised.
    async fn end(self, home: &Home, engine: Engine) {
        self.work.abort();
        self.renewal.abort();
        if engine == Engine::Integrator {
            let _ = remove_file(&home.endpoint());
        }
        let _ = remove_file(&home.socket(engine));
        self.held.close().await;
        self.control.abort();
    }
}
