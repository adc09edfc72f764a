//! The start-up contract of an engine, in this order: prove the secret, register, bring the tables up to date, deploy
//! the maps. Each step is logged; the first that fails ends the start.

use std::sync::Arc;

use super::access::{Access, access};
use super::engine::Engine;
use super::failure::Failure;
use super::home::Home;
use super::integration::{Integration, Told};
use super::maps::{self, Change, Runner};
use super::tables::Tables;
use crate::daemon::log::Log;
use crate::registration::material::Material;
use crate::secret::Secret;

/// An engine that went through all steps.
pub struct Started {
    /// Its access to PassPort.
    pub access: Access,
    /// The secret that it holds.
    pub secret: Arc<Secret>,
    /// Which of PassPort's secrets that is; not known where the authority takes no proofs.
    pub secret_id: Option<String>,
    /// Key and chain.
    pub material: Material,
    /// The database.
    pub tables: Tables,
}

/// Goes through all steps.
pub async fn start(home: &Home, engine: Engine, runner: &Runner, log: &Log) -> Result<Started, Failure> {
    let (integration, told) = Integration::find(home, engine).await?;
    let access = access(home, engine, &integration, log.clone())?;
    let (secret, secret_id, material) = enrol(&access, false).await?;
    let tables = Tables::open(&home.database()).await?;
    log.info("Tables", &format!("the database tables are up to date, version {}", tables.version));
    if told == Told::Defaults && integration.remember(&tables, engine).await? {
        let file = home.shown(&home.defaults(engine));
        log.info("Tables", &format!("first start: {file} was read into the database and counts no more"));
    }
    deploy(home, &tables, runner, log).await?;
    Ok(Started { access, secret: Arc::new(secret), secret_id, material, tables })
}

/// What a registration on its own ended with.
pub struct Registered {
    /// Which of PassPort's secrets was proved; `None` where the authority takes no proofs.
    pub secret_id: Option<String>,
}

/// The first two steps alone: proves and registers, and writes nothing but the registration's files. With `again` what
/// there was is set aside, and the registration begins anew.
pub async fn register(home: &Home, engine: Engine, log: &Log, again: bool) -> Result<Registered, Failure> {
    let (integration, _) = Integration::find(home, engine).await?;
    let access = access(home, engine, &integration, log.clone())?;
    if !again {
        return enrol(&access, true).await.map(|(_, secret_id, _)| Registered { secret_id });
    }
    let (secret, secret_id) = access.take_secret_anew().await?;
    access.register_anew(&secret).await?.ended?;
    Ok(Registered { secret_id })
}

async fn enrol(access: &Access, now: bool) -> Result<(Secret, Option<String>, Material), Failure> {
    let (secret, secret_id) = access.take_secret().await?;
    let material = access.register(&secret, now).await?;
    Ok((secret, secret_id, material))
}

async fn deploy(home: &Home, tables: &Tables, runner: &Runner, log: &Log) -> Result<(), Failure> {
    let changes = maps::deploy(tables, &home.maps(), runner).await?;
    for map in maps::list(tables).await? {
        let (name, version) = (&map.name, map.version);
        match changes.get(name) {
            Some(Change::Deployed) => {
                log.info("Maps", &format!("map {name} was deployed, version {version}, SHA-256 {}", map.checksum));
            }
            Some(Change::Refused) => {
                let kept = match version {
                    0 => "documents for it are rejected".to_owned(),
                    version => format!("version {version} stays in use"),
                };
                log.error("Maps", &format!("map {name} was not deployed: {}; {kept}", map.error.unwrap_or_default()));
            }
            _ => log.info("Maps", &format!("map {name} is deployed, version {version}")),
        }
    }
    for (name, _) in changes.iter().filter(|(_, change)| **change == Change::Removed) {
        log.warn("Maps", &format!("map {name} is gone from common/maps and not in use any more"));
    }
    Ok(())
}
