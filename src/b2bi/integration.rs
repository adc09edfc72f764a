//! Identity and connection of an engine: from the defaults file once, at the first start, then from the database.

use sqlx::SqlitePool;

use super::engine::Engine;
use super::failure::Failure;
use super::home::Home;
use super::tables::Tables;
use crate::keystore::Kind;
pub use crate::registration::connection::Connection;
use crate::registration::site::Site;
use crate::registration::wire::Identity;

/// All that an engine knows of itself and its PassPort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integration {
    /// Who it is.
    pub identity: Identity,
    /// Where its PassPort is.
    pub connection: Connection,
}

/// Which of the two told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The database, which holds the truth since the first start.
    Database,
    /// The defaults file: the engine never started yet.
    Defaults,
}

impl Integration {
    /// What holds for an engine now: the database's row if there is one, else the defaults file. Writes nothing.
    pub async fn find(home: &Home, engine: Engine) -> Result<(Self, Told), Failure> {
        if let Some(pool) = Tables::peek(&home.database()).await? {
            let row = row(&pool, engine).await;
            pool.close().await;
            if let Some(found) = row? {
                return Ok((found, Told::Database));
            }
        }
        let path = home.defaults(engine);
        let shown = home.shown(&path);
        let text = std::fs::read_to_string(&path)
            .map_err(|error| Failure::CannotTell(format!("{shown} cannot be read: {error}")))?;
        let read = super::defaults::parse(&text).map_err(|why| Failure::Refused(format!("{shown} {why}")))?;
        Ok((read, Told::Defaults))
    }

    /// Writes what the defaults file said into the database, unless a row is there already. Tells whether it did.
    pub async fn remember(&self, tables: &Tables, engine: Engine) -> Result<bool, Failure> {
        let insert = "INSERT INTO integration (engine, name, version, component_group, instance, host, https_port, \
                      client_auth_port, domain, read_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                      ON CONFLICT (engine) DO NOTHING";
        let done = sqlx::query(insert)
            .bind(engine.id())
            .bind(&self.identity.name)
            .bind(&self.identity.version)
            .bind(&self.identity.group)
            .bind(&self.identity.instance)
            .bind(&self.connection.host)
            .bind(self.connection.https_port)
            .bind(self.connection.client_auth_port)
            .bind(&self.connection.domain)
            .bind(jiff::Timestamp::now().to_string())
            .execute(&tables.pool)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The engine as a component that registers.
    pub fn site(&self, home: &Home, engine: Engine) -> Site {
        Site {
            conf: home.conf(engine),
            repository: engine.id().to_owned(),
            host: self.connection.host.clone(),
            address: None,
            https_port: self.connection.https_port,
            client_auth_port: self.connection.client_auth_port,
            kind: Kind::Jks,
            identity: self.identity.clone(),
        }
    }

    /// `name/instance`, the common name in the engine's certificate.
    pub fn common_name(&self) -> String {
        format!("{}/{}", self.identity.name, self.identity.instance)
    }
}

impl Connection {
    /// Changes where the PassPort of an engine is. It counts from the engine's next start on.
    ///
    /// # Errors
    /// An engine that never started: its defaults file is still to be read, and is the one to change.
    pub async fn store(&self, home: &Home, engine: Engine) -> Result<(), Failure> {
        let never = || {
            let file = home.shown(&home.defaults(engine));
            Failure::Refused(format!("{engine} never started: change {file}, it is read at the first start"))
        };
        if !home.database().exists() {
            return Err(never());
        }
        let tables = Tables::open(&home.database()).await?;
        let update = "UPDATE integration SET host = $2, https_port = $3, client_auth_port = $4, domain = $5 \
                      WHERE engine = $1";
        let done = sqlx::query(update)
            .bind(engine.id())
            .bind(&self.host)
            .bind(self.https_port)
            .bind(self.client_auth_port)
            .bind(&self.domain)
            .execute(&tables.pool)
            .await?;
        tables.pool.close().await;
        if done.rows_affected() == 1 { Ok(()) } else { Err(never()) }
    }
}

type Row = (String, String, String, String, String, u16, u16, String);

async fn row(pool: &SqlitePool, engine: Engine) -> Result<Option<Integration>, Failure> {
    let tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'integration'";
    let (tables,): (i64,) = sqlx::query_as(tables).fetch_one(pool).await?;
    if tables == 0 {
        return Ok(None);
    }
    let select = "SELECT name, version, component_group, instance, host, https_port, client_auth_port, domain \
                  FROM integration WHERE engine = $1";
    let row: Option<Row> = sqlx::query_as(select).bind(engine.id()).fetch_optional(pool).await?;
    Ok(row.map(|(name, version, group, instance, host, https_port, client_auth_port, domain)| Integration {
        identity: Identity { name, version, group, instance },
        connection: Connection { host, https_port, client_auth_port, domain },
    }))
}

#[cfg(test)]
mod tests {
    use super::super::tests::home_with_assets;
    use super::*;

    #[tokio::test]
    async fn the_file_counts_until_the_first_start_and_the_database_from_then_on() {
        let (_dir, home) = home_with_assets("localhost", 7001, 7002);
        let engine = Engine::Interchange;
        let (first, told) = Integration::find(&home, engine).await.expect("found");
        assert_eq!((told, first.connection.https_port), (Told::Defaults, 7001));
        assert!(!home.database().exists(), "asking must not make the database");

        let tables = Tables::open(&home.database()).await.expect("opened");
        assert_eq!(Integration::find(&home, engine).await.expect("found").1, Told::Defaults);
        assert!(first.remember(&tables, engine).await.expect("written"));
        assert!(!first.remember(&tables, engine).await.expect("there already"));

        let text = std::fs::read_to_string(home.defaults(engine)).expect("read").replace("7001", "9999");
        std::fs::write(home.defaults(engine), text).expect("written");
        assert_eq!(Integration::find(&home, engine).await.expect("found"), (first.clone(), Told::Database));

        let moved = Connection { host: "elsewhere".into(), ..first.connection.clone() };
        moved.store(&home, engine).await.expect("changed");
        assert!(moved.store(&home, Engine::Integrator).await.is_err(), "it never started");
        assert_eq!(Integration::find(&home, engine).await.expect("found").0.connection, moved);
    }
}
