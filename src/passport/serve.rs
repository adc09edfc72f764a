//! The authority as a process: pid file, both ports, admin socket, and a clean end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use thiserror::Error;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::authority::Authority;
use super::config::Config;
use super::http::connection::Connection;
use super::http::tls::Port;
use super::http::{self, accept};
use super::news::{self, Outgoing};
use super::reload::Reloading;
use super::{Fault, Home, admin, certificates, secrets};
use crate::daemon::control;
use crate::daemon::pidfile::{self, PidFile};

/// Why the authority does not run. Each text is one line for people.
#[derive(Debug, Error)]
pub enum ServeError {
    /// Another process serves this home.
    #[error("PassPort is already running with pid {0}")]
    Running(u32),
    /// There is no authority in this folder.
    #[error("there is no PassPort in {0}: make one with `countersign passport init`")]
    NoHome(String),
    /// A port is taken.
    #[error("port {port} on {listen} is in use: stop what listens there or choose another {name}")]
    InUse {
        /// The port.
        port: u16,
        /// The address.
        listen: String,
        /// Which setting of `passport.toml` it is.
        name: &'static str,
    },
    /// A port cannot be opened for another reason.
    #[error("port {port} on {listen} cannot be opened: {error}")]
    Bind {
        /// The port.
        port: u16,
        /// The address.
        listen: String,
        /// Why.
        error: io::Error,
    },
    /// A signal came before it was ready.
    #[error("PassPort was ended by {0} while it started")]
    Ended(&'static str),
    /// Anything else.
    #[error("PassPort cannot start: {0}")]
    Fault(#[from] Fault),
}

impl From<io::Error> for ServeError {
    fn from(error: io::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// An authority whose ports are open; nothing is answered before [`Ready::serve`].
pub struct Ready {
    authority: std::sync::Arc<Authority>,
    outgoing: Outgoing,
    https: TcpListener,
    client_auth: TcpListener,
    admin: tokio::net::UnixListener,
    home: Home,
    signals: Signals,
    reloading: Reloading,
    _alive: PidFile,
}

/// Takes the pid file, opens both ports and the admin socket. From the pid file on, a signal ends it.
pub async fn open(home: &Home) -> Result<Ready, ServeError> {
    if !home.config().exists() {
        return Err(ServeError::NoHome(home.path().display().to_string()));
    }
    let Some(alive) = pidfile::take(&home.pid_file())? else {
        return Err(ServeError::Running(pidfile::holder(&home.pid_file())?.unwrap_or(0)));
    };
    let mut signals = Signals::new()?;
    let parts = tokio::select! {
        parts = parts(home) => parts?,
        why = signals.end() => return Err(ServeError::Ended(why)),
    };
    let Parts { authority, outgoing, https, client_auth, admin } = parts;
    let reloading = Reloading::new(home)?;
    let home = home.clone();
    let ready = Ready { authority, outgoing, https, client_auth, admin, home, signals, reloading, _alive: alive };
    ready.authority.log.info(format_args!("PassPort {} is ready: {}", env!("CARGO_PKG_VERSION"), ready.address()));
    Ok(ready)
}

/// What is opened between the pid file and ready.
struct Parts {
    authority: std::sync::Arc<Authority>,
    outgoing: Outgoing,
    https: TcpListener,
    client_auth: TcpListener,
    admin: tokio::net::UnixListener,
}

async fn parts(home: &Home) -> Result<Parts, ServeError> {
    let mut config = Config::read(home)?;
    let https = bind(&config, config.https_port, "https_port").await?;
    let client_auth = bind(&config, config.client_auth_port, "client_auth_port").await?;
    // Port 0 lets the system choose.
    config.https_port = https.local_addr()?.port();
    config.client_auth_port = client_auth.local_addr()?.port();
    let (authority, outgoing) = Authority::open(home, config).await?;
    let admin = control::listen(&home.admin_socket())?;
    Ok(Parts { authority, outgoing, https, client_auth, admin })
}

impl Ready {
    /// What it listens on and is called.
    pub fn config(&self) -> &Config {
        &self.authority.config
    }

    /// Where it listens, for people.
    pub fn address(&self) -> String {
        let Config { listen, https_port, client_auth_port, .. } = &self.authority.config;
        format!("{listen}, HTTPS {https_port}, client authentication {client_auth_port}")
    }

    /// Answers until SIGTERM, SIGINT or the admin act `stop`, and reads its configuration again at SIGHUP; then lets
    /// answers under way be finished and tidies up.
    pub async fn serve(self) -> io::Result<()> {
        let Self { authority, outgoing, https, client_auth, admin, home, mut signals, mut reloading, _alive } = self;
        let (stop, stopped) = watch::channel(false);
        let mut ports = JoinSet::new();
        for (listener, port) in [(https, Port::Https), (client_auth, Port::ClientAuth)] {
            let router = match port {
                Port::Https => http::https(authority.clone()),
                Port::ClientAuth => http::client_auth(authority.clone()),
            };
            let (tls, seen) = (authority.clone(), authority.clone());
            let met = move |connection: Arc<Connection>| {
                let authority = seen.clone();
                async move {
                    if let Some(serial) = connection.serial() {
                        certificates::used(&authority, serial).await;
                    }
                }
            };
            ports.spawn(accept::serve(listener, move || tls.tls.of(port), met, router, stopped.clone()));
        }
        let acts = authority.clone();
        let administration = tokio::spawn(control::serve(admin, move |request| admin::act(acts.clone(), request)));
        let windows = tokio::spawn(secrets::keep_time(authority.clone()));
        let news = tokio::spawn(news::exchange(authority.clone(), outgoing));
        let why = loop {
            tokio::select! {
                () = authority.stop.notified() => break "an administrator stopped it",
                told = signals.next() => match told {
                    Some(why) => break why,
                    None => reloading.again(&authority).await,
                },
            }
        };
        let _ = stop.send(true);
        ports.join_all().await;
        administration.abort();
        windows.abort();
        news.abort();
        crate::fs::remove_file(&home.admin_socket())?;
        authority.log.info(format_args!("PassPort ends: {why}"));
        authority.store.clone().close().await;
        Ok(())
    }
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        let [terminate, interrupt, hang_up] =
            [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()].map(signal);
        Ok(Self { terminate: terminate?, interrupt: interrupt?, hang_up: hang_up? })
    }

    /// Waits for one that means the end; its name.
    async fn end(&mut self) -> &'static str {
        loop {
            if let Some(why) = self.next().await {
                return why;
            }
        }
    }

    /// Waits for one; the name of one that means the end, nothing for a hang-up.
    async fn next(&mut self) -> Option<&'static str> {
        tokio::select! {
            _ = self.terminate.recv() => Some("SIGTERM"),
            _ = self.interrupt.recv() => Some("SIGINT"),
            _ = self.hang_up.recv() => None,
        }
    }
}

async fn bind(config: &Config, port: u16, name: &'static str) -> Result<TcpListener, ServeError> {
    let listen = config.listen.to_string();
    TcpListener::bind(SocketAddr::new(config.listen, port)).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => ServeError::InUse { port, listen, name },
        _ => ServeError::Bind { port, listen, error },
    })
}
