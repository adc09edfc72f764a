//! Making a new authority: built beside its place and then renamed, so that the home is whole or absent.

use std::io;
use std::path::{Path, PathBuf};

use super::config::Config;
use super::store::{Maker, Node, Store};
use super::{Fault, Home, authority, nodes, properties, users};
use crate::fs::{PRIVATE_FILE, create, create_folders, remove_folder, rename};
use crate::secret::{SealingKey, Secret, generate_password};

/// Where a new authority keeps what it knows.
pub enum Storage {
    /// In a file of its own.
    Sqlite,
    /// In the PostgreSQL of this address (`postgres://USER:PASSWORD@HOST:PORT/DATABASE`), which must be empty.
    Postgres(Secret),
    /// In a PostgreSQL that holds an authority: this becomes one more of its nodes.
    Join {
        /// Its address.
        address: Secret,
        /// The key that its nodes have in `conf/node.key`.
        key: SealingKey,
    },
}

/// Makes the authority of `home`: folders, configuration, the password of `system` (one is generated when none is
/// given), database, keys and certificates. A node that joins others makes its ports' keys only.
///
/// # Errors
/// [`Fault::Refused`] when something stands there already; nothing is touched then. After any other error nothing is
/// left behind.
pub async fn init(
    home: &Home,
    config: &Config,
    system_password: Option<Secret>,
    storage: &Storage,
) -> Result<(), Fault> {
    if std::fs::symlink_metadata(home.path()).is_ok() {
        return Err(Fault::refused(format!("{} exists already: choose another folder", home.path().display())));
    }
    check(config)?;
    remove_abandoned(home.path())?;
    let beside = Home::new(beside(home.path()));
    let password = system_password.unwrap_or_else(generate_password);
    let built = Box::pin(build(&beside, config, password, storage)).await;
    let placed = built.and_then(|()| rename(beside.path(), home.path()).map_err(Fault::from));
    if placed.is_err() {
        remove_folder(beside.path())?;
    }
    placed
}

fn check(config: &Config) -> Result<(), Fault> {
    if config.https_port == config.client_auth_port && config.https_port != 0 {
        return Err(Fault::refused("https_port and client_auth_port must differ"));
    }
    let host = &config.host;
    let is_name =
        !host.is_empty() && host.len() <= 253 && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._:".contains(c));
    if is_name { Ok(()) } else { Err(Fault::refused(format!("{host:?} is no host name"))) }
}

async fn build(home: &Home, config: &Config, password: Secret, storage: &Storage) -> Result<(), Fault> {
    for folder in Home::FOLDERS {
        create_folders(&home.path().join(folder))?;
    }
    // Until the end: of two who make one in the same database, the second must see what the first has made.
    let _maker = match storage {
        Storage::Sqlite => None,
        Storage::Postgres(address) | Storage::Join { address, .. } => Some(Maker::alone(address).await?),
    };
    let store = match storage {
        Storage::Sqlite => Store::create(&home.database()).await?,
        Storage::Postgres(address) => {
            let key = SealingKey::generate();
            keep(home, address, &key)?;
            let store = Store::connect(address, Node::of(&config.node, key)).await?;
            nodes::empty(&store).await?;
            store
        }
        Storage::Join { address, key } => {
            keep(home, address, key)?;
            let store = nodes::join(address, key, config).await?;
            Config { node: store.node().name.clone(), ..config.clone() }.write(home)?;
            store.close().await;
            return Ok(());
        }
    };
    config.write(home)?;
    let line = zeroize::Zeroizing::new(format!("{}\n", password.expose()));
    create(&home.system_password(), line.as_bytes(), PRIVATE_FILE)?;
    properties::init(&store).await?;
    authority::make_keys(&store, &config.host).await?;
    users::add_system(&store, &config.domain, password).await?;
    nodes::add(&store, &config.host).await?;
    store.close().await;
    Ok(())
}

/// Keeps what a node needs to reach the shared database and to open the keys in it.
fn keep(home: &Home, address: &Secret, key: &SealingKey) -> Result<(), Fault> {
    let line = zeroize::Zeroizing::new(format!("{}\n", address.expose().trim()));
    create(&home.database_address(), line.as_bytes(), PRIVATE_FILE)?;
    Node::write_key(key, home)
}

/// `<home>.<pid>.new`.
fn beside(home: &Path) -> PathBuf {
    let mut name = home.as_os_str().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    name.into()
}

/// Removes what an init that was killed left beside: it holds keys.
fn remove_abandoned(home: &Path) -> io::Result<()> {
    let (Some(folder), Some(name)) = (home.parent(), home.file_name().and_then(|name| name.to_str())) else {
        return Ok(());
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if !folder.exists() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let pid = entry
            .file_name()
            .to_str()
            .and_then(|entry| entry.strip_prefix(name)?.strip_prefix('.')?.strip_suffix(".new")?.parse::<u32>().ok());
        if pid.is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists()) {
            remove_folder(&entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn config() -> Config {
        Config {
            host: "localhost".into(),
            listen: "127.0.0.1".parse().expect("an address"),
            https_port: 6453,
            client_auth_port: 6666,
            domain: "Synchrony".into(),
            node: "1".into(),
        }
    }

    #[tokio::test]
    async fn everything_is_closed_to_others_and_a_second_init_is_refused() {
        let dir = tempfile::tempdir().expect("a folder");
        let home = Home::new(dir.path().join("passport"));
        let abandoned = dir.path().join("passport.4194305.new");
        std::fs::create_dir(&abandoned).expect("made");
        init(&home, &config(), None, &Storage::Sqlite).await.expect("made");
        assert!(!abandoned.exists());
        for folder in Home::FOLDERS {
            let mode = std::fs::metadata(home.path().join(folder)).expect("there").permissions().mode() & 0o777;
            assert_eq!(mode, 0o700, "{folder}");
        }
        for file in [home.config(), home.system_password(), home.database()] {
            let mode = std::fs::metadata(&file).expect("there").permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", file.display());
        }
        let again = init(&home, &config(), None, &Storage::Sqlite).await;
        assert!(matches!(again, Err(Fault::Refused(_))));
        assert_eq!(std::fs::read_dir(dir.path()).expect("listed").count(), 1);
    }

    #[tokio::test]
    async fn a_host_that_cannot_stand_in_a_certificate_leaves_nothing_behind() {
        let dir = tempfile::tempdir().expect("a folder");
        let home = Home::new(dir.path().join("passport"));
        let config = Config { host: "no such\nhost".into(), ..config() };
        assert!(matches!(init(&home, &config, None, &Storage::Sqlite).await, Err(Fault::Refused(_))));
        assert_eq!(std::fs::read_dir(dir.path()).expect("listed").count(), 0);
    }
}
