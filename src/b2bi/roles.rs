//! What each engine does once it has started: the integration engine takes documents and maps them, the trading engine
//! finds them and sends them.

use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;

use super::delivery::Delivery;
use super::engine::Engine;
use super::exchange::{Client, Server};
use super::failure::Failure;
use super::home::Home;
use super::intake::Intake;
use super::integration::Integration;
use super::maps::Runner;
use super::settings::Settings;
use super::startup::Started;
use crate::daemon::log::Log;
use crate::fs::{PRIVATE_FILE, replace};
use crate::registration::shown::Shown;

/// An engine's part in the exchange of documents, before it started.
pub enum Role {
    /// Maps documents; the port is taken already.
    Integrator(TcpListener),
    /// Sends documents.
    Interchange,
}

/// The same, at work.
pub enum Work {
    /// Maps documents.
    Integrator(Server),
    /// Sends documents.
    Interchange(Box<Intake>),
}

impl Role {
    /// Takes the port of the exchange where there is one, so that a port in use is found out before all else.
    pub async fn prepare(engine: Engine, settings: Settings) -> Result<Self, Failure> {
        match engine {
            Engine::Integrator => {
                let listener = Server::bind(settings.exchange_port).await;
                listener.map(Self::Integrator).map_err(|error| Failure::Refused(format!("exchange_port: {error}")))
            }
            Engine::Interchange => Ok(Self::Interchange),
        }
    }

    /// Goes to work with the certificate of the registration.
    pub async fn begin(
        self,
        home: &Home,
        settings: Settings,
        runner: Runner,
        started: &Started,
        log: &Log,
    ) -> Result<Work, Failure> {
        match self {
            Self::Integrator(listener) => integrator(home, listener, settings, runner, started, log).await,
            Self::Interchange => interchange(home, settings, started, log).await,
        }
    }
}

impl Work {
    /// The certificate that it shows to the other engine.
    pub fn shown(&self) -> Arc<Shown> {
        match self {
            Self::Integrator(server) => server.shown(),
            Self::Interchange(intake) => intake.shown(),
        }
    }

    /// Works until the task is dropped; an end is a failure.
    pub async fn run(self) -> io::Result<()> {
        match self {
            Self::Integrator(server) => {
                server.run().await;
                Ok(())
            }
            Self::Interchange(intake) => intake.run().await,
        }
    }
}

async fn integrator(
    home: &Home,
    listener: TcpListener,
    settings: Settings,
    runner: Runner,
    started: &Started,
    log: &Log,
) -> Result<Work, Failure> {
    let delivery = Delivery::new(home.clone(), started.tables.clone(), runner, log.clone());
    delivery.recover().await.map_err(Failure::Failed)?;
    let (other, _) = Integration::find(home, Engine::Interchange).await?;
    let (client, limit) = (other.common_name(), settings.document_limit);
    let server = Server::new(listener, &started.material, client, limit, Arc::new(delivery), log.clone())
        .map_err(|error| Failure::Failed(error.to_string()))?;
    let told = server.address().and_then(|address| {
        replace(&home.endpoint(), format!("{address}\n").as_bytes(), PRIVATE_FILE).map(|()| address)
    });
    let address =
        told.map_err(|error| Failure::Failed(format!("run/integrator.endpoint cannot be written: {error}")))?;
    log.info("Exchange", &format!("documents are taken at {address}"));
    Ok(Work::Integrator(server))
}

async fn interchange(home: &Home, settings: Settings, started: &Started, log: &Log) -> Result<Work, Failure> {
    let (other, _) = Integration::find(home, Engine::Integrator).await?;
    let client = if started.access.names_hosts() {
        Client::new(&started.material, other.identity.dns_name(), home.endpoint())
    } else {
        Client::named(&started.material, other.common_name(), home.endpoint())
    };
    let client =
        client.map_err(|error| Failure::Failed(format!("the engine's certificate cannot be used: {error}")))?;
    let intake = Intake::new(home.clone(), started.tables.clone(), client, settings.document_limit, log.clone());
    Ok(Work::Interchange(Box::new(intake)))
}
