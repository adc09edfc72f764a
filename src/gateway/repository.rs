//! One repository of a running gateway: registers, keeps an eye on its PassPort, and says how it is.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;

use super::Failure;
use super::failure::about;
use super::links::{Link, Named};
use super::watch::Watch;
use crate::daemon::access::Access;
use crate::daemon::holding::Holding;
use crate::daemon::renewal;
use crate::registration::login::{Logins, addresses, tls};
use crate::registration::material::Material;
use crate::registration::shown::Shown;
use crate::registration::state::State;

const CLASS: &str = "Repository";
/// The pauses between attempts to register: the first, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_mins(3);
/// The pause between two looks at a PassPort that is away.
const PROBE: Duration = Duration::from_secs(5);
/// How long the first attempt is waited for.
const FIRST_ATTEMPT: Duration = Duration::from_secs(40);

/// What it does for whoever asks.
#[derive(Clone)]
pub enum Standing {
    /// It asks PassPort.
    Serves(Arc<Logins>),
    /// It serves no request, and why.
    Not(Arc<Failure>),
}

/// A repository at work; it ends when dropped.
pub struct Repository {
    /// Its name.
    pub name: String,
    /// The domain of its users.
    pub domain: String,
    /// Whether its PassPort is another one than the estate's.
    pub elsewhere: bool,
    shared: Option<Arc<Shared>>,
    broken: Option<Arc<Failure>>,
    task: Option<JoinHandle<()>>,
}

struct Shared {
    access: Arc<Access>,
    holding: RwLock<Option<Arc<Holding>>>,
    standing: watch::Sender<Option<Standing>>,
    /// A login met no PassPort: look at once.
    look: Notify,
}

impl Repository {
    /// Goes to work.
    pub fn begin(named: Named) -> Self {
        let Named { name, repository, link } = named;
        let elsewhere = repository.elsewhere;
        match link {
            Ok(Link { domain, access }) => {
                let (standing, look) = (watch::Sender::new(None), Notify::new());
                let shared = Arc::new(Shared { access, holding: RwLock::default(), standing, look });
                let task = tokio::spawn(shared.clone().work());
                Self { name, domain, elsewhere, shared: Some(shared), broken: None, task: Some(task) }
            }
            Err(failure) => {
                let broken = Some(Arc::new(failure));
                Self { name, domain: String::new(), elsewhere, shared: None, broken, task: None }
            }
        }
    }

    /// Waits until the first attempt to register and to reach PassPort has ended, however it ended.
    pub async fn settled(&self) {
        if let Some(shared) = &self.shared {
            let mut standing = shared.standing.subscribe();
            let _ = tokio::time::timeout(FIRST_ATTEMPT, standing.wait_for(Option::is_some)).await;
        }
    }

    /// What it does now.
    pub fn standing(&self) -> Standing {
        let now = self.shared.as_ref().and_then(|shared| shared.standing.borrow().clone());
        let begins = || Standing::Not(Arc::new(Failure::CannotTell("it has only just begun: try again".to_owned())));
        now.or_else(|| self.broken.clone().map(Standing::Not)).unwrap_or_else(begins)
    }

    /// Why it serves no request; `None` when it serves.
    pub fn failure(&self) -> Option<Arc<Failure>> {
        match self.standing() {
            Standing::Serves(_) => None,
            Standing::Not(failure) => Some(failure),
        }
    }

    /// State of its registration, as its files tell it.
    pub fn registration(&self) -> Option<State> {
        self.shared.as_ref().map(|shared| shared.access.site.state())
    }

    /// Which of PassPort's secrets it holds.
    pub fn secret_id(&self) -> Option<String> {
        self.shared.as_ref()?.holding()?.secret_id()
    }

    /// A login met no PassPort: nobody is kept waiting for it until it is there again.
    pub fn is_away(&self, why: &str) {
        if let Some(shared) = &self.shared {
            shared.away(why);
            shared.look.notify_one();
        }
    }

    /// Proves the secret that it holds, anew.
    pub async fn prove(&self) -> Result<String, Failure> {
        let proved = match (&self.shared, &self.broken) {
            (Some(shared), _) => match shared.holding() {
                Some(holding) => holding.prove().await,
                None => shared.access.prove(&shared.access.read_secret()?).await,
            },
            (None, Some(failure)) => Err(Failure::Refused(failure.to_string())),
            (None, None) => Err(Failure::Failed("it is not at work".to_owned())),
        };
        proved.map_err(|failure| about(&self.name, failure))
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

impl Shared {
    /// Registers, and then serves until it is dropped.
    async fn work(self: Arc<Self>) {
        let mut pause = FIRST_PAUSE;
        loop {
            let failure = match self.registered().await {
                Ok((holding, material)) => Box::pin(self.serve(holding, &material)).await,
                Err(failure) => failure,
            };
            let goes_on = matches!(failure, Failure::Pending(_) | Failure::CannotTell(_));
            self.not(failure);
            if !goes_on {
                // Asking again would be refused again: a person has to do something, and then a reload begins anew.
                return std::future::pending().await;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// The secret, proved, and a certificate. With a valid certificate PassPort need not be there now.
    async fn registered(&self) -> Result<(Arc<Holding>, Material), Failure> {
        let access = &self.access;
        let holding = if let Some(holding) = self.holding() {
            holding
        } else {
            let secret = access.read_secret()?;
            let id = match access.prove(&secret).await {
                Ok(id) => Some(id),
                Err(Failure::CannotTell(why)) if access.valid_material().is_some() => {
                    access.log.warn(CLASS, &format!("the secret is not proved yet: {why}"));
                    None
                }
                Err(failure) => return Err(failure),
            };
            let holding = Arc::new(Holding::new(access.clone(), Arc::new(secret), id));
            *self.holding.write().unwrap_or_else(PoisonError::into_inner) = Some(holding.clone());
            holding
        };
        let material = holding.registered().await?;
        Ok((holding, material))
    }

    /// Serves as long as PassPort is there, and goes on when it is there again. Ends only when that cannot be begun.
    async fn serve(&self, holding: Arc<Holding>, material: &Material) -> Failure {
        let unusable = |why: String| Failure::CannotTell(format!("no login is possible: {why}"));
        let site = &self.access.site;
        let begun = async {
            let shown = Shown::new(material).map_err(|error| error.to_string())?;
            let config = tls(material, Some(shown.clone())).map_err(|error| error.to_string())?;
            let found = addresses(site.address, &site.host, site.client_auth_port).await;
            let found = found.map_err(|error| error.to_string())?;
            let logins = Logins::open(&found, site.client_auth_port, config.clone());
            Ok((
                shown,
                TlsConnector::from(Arc::new(config)),
                found,
                Arc::new(logins.map_err(|error| error.to_string())?),
            ))
        };
        let (shown, tls, found, logins) = match begun.await {
            Ok(begun) => begun,
            Err(why) => return unusable(why),
        };
        let kept = renewal::keep(holding.clone(), shown);
        let watched = async {
            loop {
                match Watch::open(&found, &tls).await {
                    Ok(watch) => {
                        self.serves(&logins);
                        let proved = async {
                            if holding.secret_id().is_none() {
                                let _ = holding.prove().await;
                            }
                            std::future::pending::<()>().await;
                        };
                        tokio::select! {
                            () = watch.closed() => {}
                            () = self.look.notified() => {}
                            () = proved => {}
                        }
                    }
                    Err(why) => {
                        self.away(&why);
                        tokio::time::sleep(PROBE).await;
                    }
                }
            }
        };
        tokio::select! {
            () = kept => unusable("the certificate is not kept".to_owned()),
            never = watched => never,
        }
    }

    fn serves(&self, logins: &Arc<Logins>) {
        let before = self.standing.send_replace(Some(Standing::Serves(logins.clone())));
        if !matches!(before, Some(Standing::Serves(_))) {
            self.access.log.info(CLASS, &format!("serves: {}:{} answers", self.host(), self.port()));
        }
    }

    fn away(&self, why: &str) {
        self.not(Failure::CannotTell(format!("PassPort at {}:{} does not answer: {why}", self.host(), self.port())));
    }

    fn not(&self, failure: Failure) {
        let text = failure.to_string();
        let before = self.standing.send_replace(Some(Standing::Not(Arc::new(failure))));
        let is_news = !matches!(&before, Some(Standing::Not(earlier)) if earlier.to_string() == text);
        if is_news {
            self.access.log.warn(CLASS, &format!("serves no request: {text}"));
        }
    }

    fn holding(&self) -> Option<Arc<Holding>> {
        self.holding.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn host(&self) -> &str {
        &self.access.site.host
    }

    fn port(&self) -> u16 {
        self.access.site.client_auth_port
    }
}
