//! What a running authority holds in its hands.

use std::sync::{Arc, PoisonError, RwLock};

use opaque_ke::ServerSetup;
use rustls_pki_types::CertificateDer;
use tokio::sync::Notify;
use zeroize::Zeroizing;

use super::audit::Entry;
use super::basic::Basic;
use super::ca::{Ca, made_for, names_host};
use super::certificates::{self, Published, Seen};
use super::config::{Config, FIRST_NODE};
use super::http::tls::Tls;
use super::limits::Limits;
use super::log::Log;
use super::news::{Bell, News, Outgoing, Post};
use super::secrets::{Started, WindowKey};
use super::store::{Executor, Node, Store, query, query_as};
use super::users::{self, Users};
use super::{Fault, Home, now};
use crate::registration::opaque::{Suite, rng};

const HTTPS: &str = "Default_HTTPS";
const CLIENT_AUTH: &str = "Default_HTTPS_Client_Auth";
pub(super) const CA: &str = "ca";
const OPAQUE: &str = "opaque";
/// Ends the name under which a port's key is set aside.
const ASIDE: &str = " aside";
const MISSING: &str = "a key is missing";
/// The certificates that can be exported: the ports' as the vendor's documents name them, and the CA.
pub(super) const CERTIFICATES: [&str; 3] = [HTTPS, CLIENT_AUTH, CA];

/// The open authority.
pub struct Authority {
    /// Host, ports, domain, as they were at the start.
    pub config: Config,
    domain: RwLock<String>,
    /// Its database.
    pub store: Store,
    /// Its log.
    pub log: Log,
    /// Its CA.
    pub ca: Ca,
    /// OPAQUE's long-lived keys.
    pub setup: ServerSetup<Suite>,
    /// Who must wait.
    pub limits: Arc<Limits>,
    /// Verifies the secret in plain.
    pub basic: Basic,
    /// Secret ids that wait for their record.
    pub started: Started,
    /// The key to the previous secret.
    pub window_key: WindowKey,
    /// Told whenever a window may end earlier or later than was known: a settled change, a proof with another secret.
    pub secrets_changed: Bell,
    /// Logins.
    pub users: Users,
    /// What both ports show and whom they believe.
    pub tls: Tls,
    /// The revocation list that is given out.
    pub revocations: Published,
    /// The client certificates that were seen.
    pub seen: Seen,
    /// Told whenever an administrator decided about a request.
    pub decided: Bell,
    /// Where the other nodes are told what they must look at.
    pub post: Post,
    /// Told when the authority shall end.
    pub stop: Notify,
    /// When it was opened, in seconds since 1970.
    pub since: i64,
}

/// A private key with its certificate.
pub struct Identity {
    /// PKCS#8 DER.
    pub private: Zeroizing<Vec<u8>>,
    /// The certificate.
    pub certificate: CertificateDer<'static>,
}

impl Authority {
    /// Opens the authority of a home. What it has to tell other nodes comes out of the second value.
    pub async fn open(home: &Home, config: Config) -> Result<(Arc<Self>, Outgoing), Fault> {
        let (post, outgoing) = Post::open();
        let log = Log::open(&home.log())?;
        let store = Store::of(home).await?;
        let ca = ca(&store).await?;
        let [https, client_auth] = servers(&store, &ca, &config.host, &log).await?;
        let tls = Tls::new(https, client_auth, ca.certificate().clone())?;
        let authority = Self {
            setup: setup(&store).await?,
            users: Users::default(),
            limits: Arc::new(Limits::shared(&post)),
            basic: Basic::new(),
            started: Started::default(),
            window_key: WindowKey::new(home.window_key()),
            secrets_changed: Bell::new(&post, News::Secrets),
            revocations: Published::default(),
            seen: Seen::default(),
            decided: Bell::new(&post, News::Decided),
            stop: Notify::new(),
            since: now(),
            domain: RwLock::new(config.domain.clone()),
            post,
            config,
            store,
            log,
            ca,
            tls,
        };
        authority.follow_domain(&authority.config.domain).await?;
        authority.believe_no_revoked().await?;
        // A process that died between retiring a secret and removing its key left the key.
        if let Err(fault) = authority.window_key.tidy(&authority.store).await {
            authority.log.warn(format_args!("{} could not be seen to: {fault}", home.window_key().display()));
        }
        Ok((Arc::new(authority), outgoing))
    }

    /// The domain of its users, as the configuration that was read last says.
    pub fn domain(&self) -> String {
        self.domain.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Moves its users into this domain, if they were all in one other.
    pub(super) async fn follow_domain(&self, domain: &str) -> Result<(), Fault> {
        if let Some(before) = users::follow_domain(&self.store, domain).await? {
            self.log.info(format_args!("all users moved from the domain {before} to {domain}"));
        }
        domain.clone_into(&mut self.domain.write().unwrap_or_else(PoisonError::into_inner));
        Ok(())
    }

    /// Shows certificates for this host, from the next connection on.
    pub(super) async fn follow_host(&self, host: &str) -> Result<(), Fault> {
        self.tls.show(servers(&self.store, &self.ca, host, &self.log).await?);
        self.refresh_revoked().await
    }

    /// Makes both ports of every node believe no revoked certificate, from the next connection on.
    pub async fn refresh_revoked(&self) -> Result<(), Fault> {
        self.post.tell(News::Revoked);
        self.believe_no_revoked().await
    }

    /// Does so in this node.
    pub async fn believe_no_revoked(&self) -> Result<(), Fault> {
        let revoked = certificates::revoked(&mut *self.store.read().await?).await?;
        self.tls.believe(self.ca.revocations(0, &revoked)?)?;
        self.revocations.outdated().await;
        Ok(())
    }

    /// The revocation list as it is given out, DER.
    pub async fn revocation_list(&self) -> Result<Arc<[u8]>, Fault> {
        self.revocations.get(&self.store, &self.ca).await
    }

    /// Writes a decision by itself, outside of any transaction.
    pub async fn audit(&self, entry: Entry) {
        self.log.info(&entry);
        let written = async {
            let mut write = self.store.write().await?;
            entry.write(&mut *write).await?;
            write.commit().await
        };
        if let Err(error) = written.await {
            self.log.warn(format_args!("the audit row could not be written: {error}"));
        }
    }
}

/// The CA.
pub(super) async fn ca(store: &Store) -> Result<Ca, Fault> {
    let Identity { private, certificate } = identity(store, CA).await?;
    Ca::load(&private, certificate.to_vec())
}

/// Makes all keys of a new authority.
pub async fn make_keys(store: &Store, host: &str) -> Result<(), Fault> {
    let (ca, private) = Ca::make()?;
    put(store, CA, &private, Some(ca.certificate().as_ref())).await?;
    let setup = ServerSetup::<Suite>::new(&mut rng());
    put(store, OPAQUE, &setup.serialize(), None).await?;
    make_port_keys(store, &ca, host).await
}

/// Makes the keys of one more node: its ports', since what is shared is there.
pub async fn join(store: &Store, host: &str) -> Result<(), Fault> {
    make_port_keys(store, &ca(store).await?, host).await
}

async fn make_port_keys(store: &Store, ca: &Ca, host: &str) -> Result<(), Fault> {
    for name in [HTTPS, CLIENT_AUTH] {
        let (certificate, private) = ca.server(host)?;
        put(store, name, &private, Some(certificate.as_ref())).await?;
    }
    Ok(())
}

/// One of [`CERTIFICATES`], DER.
pub async fn certificate(store: &Store, name: &str) -> Result<CertificateDer<'static>, Fault> {
    match CERTIFICATES.into_iter().find(|known| *known == name) {
        Some(name) => Ok(identity(store, name).await?.certificate),
        None => Err(Fault::refused(format!("there is no certificate {name:?}; there are {}", CERTIFICATES.join(", ")))),
    }
}

/// The identities of both ports; made anew when they do not carry the host, because the configuration changed. The ones
/// before are set aside: when the configuration is put back they come back too, since third parties may know them.
async fn servers(store: &Store, ca: &Ca, host: &str, log: &Log) -> Result<[Identity; 2], Fault> {
    for name in [HTTPS, CLIENT_AUTH] {
        let (private, certificate) = get(store, name).await?.ok_or(Fault::Damaged(MISSING))?;
        let now = certificate.unwrap_or_default();
        if made_for(&now, host) {
            continue;
        }
        let aside = format!("{name}{ASIDE}");
        if let Some((earlier, Some(before))) =
            get(store, &aside).await?.filter(|(_, before)| before.as_ref().is_some_and(|before| made_for(before, host)))
        {
            put(store, name, &earlier, Some(&before)).await?;
            put(store, &aside, &private, Some(&now)).await?;
            log.info(format_args!("{name} is the one made earlier for the host {host} again"));
        } else if !names_host(&now, host) {
            let (certificate, key) = ca.server(host)?;
            put(store, &aside, &private, Some(&now)).await?;
            put(store, name, &key, Some(certificate.as_ref())).await?;
            log.info(format_args!("{name} was made anew for the host {host}"));
        }
    }
    Ok([identity(store, HTTPS).await?, identity(store, CLIENT_AUTH).await?])
}

async fn identity(store: &Store, name: &'static str) -> Result<Identity, Fault> {
    let (private, certificate) = get(store, name).await?.ok_or(Fault::Damaged(MISSING))?;
    let certificate = certificate.ok_or(Fault::Damaged("a certificate"))?.into();
    Ok(Identity { private, certificate })
}

async fn setup(store: &Store) -> Result<ServerSetup<Suite>, Fault> {
    let (bytes, _) = get(store, OPAQUE).await?.ok_or(Fault::Damaged(MISSING))?;
    ServerSetup::deserialize(&bytes).map_err(|_| Fault::Damaged("the OPAQUE set-up"))
}

/// A private key and its certificate, as the table has them.
type Key = (Zeroizing<Vec<u8>>, Option<Vec<u8>>);

async fn get(store: &Store, name: &str) -> Result<Option<Key>, Fault> {
    key(store.reader(), store.node(), name).await
}

/// A key that the table holds, opened by this node; `None` while there is none.
pub(super) async fn key(from: impl Executor, node: &Node, name: &str) -> Result<Option<Key>, Fault> {
    let name = kept_as(node, name);
    let row: Option<(Vec<u8>, Option<Vec<u8>>)> =
        query_as("SELECT private, certificate FROM keys WHERE name = $1").bind(&name).fetch_optional(from).await?;
    row.map(|(private, certificate)| Ok((node.open(&name, private)?, certificate))).transpose()
}

/// What all nodes share is kept under its own name, the ports' keys under their node's.
fn kept_as(node: &Node, name: &str) -> String {
    let node = &node.name;
    if node == FIRST_NODE || matches!(name, CA | OPAQUE) { name.to_owned() } else { format!("{name} of node {node}") }
}

async fn put(store: &Store, name: &str, private: &[u8], certificate: Option<&[u8]>) -> Result<(), Fault> {
    let put = query(
        "INSERT INTO keys (name, private, certificate) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET private = excluded.private, certificate = excluded.certificate",
    );
    let name = kept_as(store.node(), name);
    store.change(put.bind(&name).bind(store.node().seal(&name, private)?).bind(certificate)).await?;
    Ok(())
}
