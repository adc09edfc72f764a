//! An engine's access to PassPort: its secret from its place, the proof, the registration.

use std::io;
use std::path::Path;

use super::engine::Engine;
use super::failure::Failure;
use super::home::Home;
use super::integration::Integration;
use super::log::Log;
use super::settings;
use crate::registration::enrol::{RegisterError, register, register_in_turn};
use crate::registration::est::EstError;
use crate::registration::material::{Material, Validity};
use crate::registration::prove::ProofError;
use crate::registration::renew::{Renewal, renew, use_renewed};
use crate::registration::signer::Signer;
use crate::registration::site::Site;
use crate::registration::state::State;
use crate::registration::wire::Purpose;
use crate::secret::{Secret, check_private_file};
use zeroize::Zeroizing;

const ACCESS: &str = "PassPortAccess";
const REGISTRATION: &str = "Registration";

/// One engine and the PassPort that it was told.
pub struct Access {
    home: Home,
    engine: Engine,
    site: Site,
    signer: Signer,
    log: Log,
}

impl Access {
    /// For this engine, as its integration and the settings of both engines say.
    pub fn new(home: &Home, engine: Engine, integration: &Integration, log: Log) -> Result<Self, Failure> {
        let signer = settings::signer(&home.settings(), &integration.connection)?;
        Ok(Self { home: home.clone(), engine, site: integration.site(home, engine), signer, log })
    }

    /// Whether certificates of a listening engine name its host. Those of a foreign authority name whom it likes.
    pub fn names_hosts(&self) -> bool {
        self.signer == Signer::Ours
    }

    /// The engine as a component that registers.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Reads the secret from its place.
    pub fn read_secret(&self) -> Result<Secret, Failure> {
        let path = self.home.place(self.engine);
        let shown = self.home.shown(&path);
        if let Err(error @ crate::secret::SourceError::Unsafe { .. }) = check_private_file(&path) {
            self.log.warn(ACCESS, &error.to_string());
        }
        let secret = read_place(self.engine, &path).map_err(|why| Failure::CannotTell(format!("{shown} {why}")))?;
        let secret = secret.filter(|secret| !secret.is_empty()).ok_or_else(|| {
            Failure::NotAccepted(format!("self-registration failed: {shown} holds no shared secret yet"))
        })?;
        self.log.info(ACCESS, &format!("the shared secret was read from {shown}"));
        Ok(secret)
    }

    /// Proves the secret and returns which one of PassPort's it is.
    ///
    /// # Errors
    /// It is not accepted, or cannot be proved: an EST server takes no proofs.
    pub async fn prove(&self, secret: &Secret) -> Result<String, Failure> {
        if let Signer::Est(server) = &self.signer {
            return Err(Failure::CannotTell(format!(
                "the EST server at {} cannot be asked whether it accepts a secret, but by enrolling",
                server.address()
            )));
        }
        let proved = self.site.prove(secret, Purpose::Prove).await.map_err(|error| self.not_proved(&error))?;
        self.log.info(ACCESS, &format!("{} accepted the shared secret {}", self.signs(), proved.secret_id));
        Ok(proved.secret_id)
    }

    /// Reads the secret and proves it where that can be done; returns which one of PassPort's it is.
    pub async fn take_secret(&self) -> Result<(Secret, Option<String>), Failure> {
        let secret = self.read_secret()?;
        match self.signer {
            Signer::Ours => self.prove(&secret).await.map(|id| (secret, Some(id))),
            Signer::Est(_) => Ok((secret, None)),
        }
    }

    /// Registers if there is no valid keystore, renews one that is due, and returns key and chain. With `now` a pending
    /// registration is asked for even when the authority wants that later.
    pub async fn register(&self, secret: &Secret, now: bool) -> Result<Material, Failure> {
        let shown = self.home.shown(&self.site.keystore());
        if let Some(material) = self.renew(secret).await {
            self.log.info(REGISTRATION, &format!("registered; the certificate is in {shown}{}", until(&material)));
            return Ok(material);
        }
        self.log.info(REGISTRATION, &format!("no valid certificate in {shown}: registering with {}", self.signs()));
        let registration = if now {
            register(&self.site, &self.signer, secret).await
        } else {
            register_in_turn(&self.site, &self.signer, secret).await
        };
        let registration = registration.map_err(|error| self.not_registered(error))?;
        let message = registration.state.message().unwrap_or_default();
        match registration.state {
            State::Registered => {
                let material = self
                    .valid_material()
                    .ok_or_else(|| Failure::Failed(format!("{shown} cannot be read just after it was written")))?;
                self.log.info(REGISTRATION, &format!("registered; the certificate is in {shown}{}", until(&material)));
                Ok(material)
            }
            state if state.is_pending() => {
                let later = registration.retry_after.map_or_else(String::new, |after| {
                    format!(" {} asks to be asked again in {} s.", self.signs(), after.as_secs())
                });
                let message = if message.is_empty() {
                    format!("Registration is still in progress. [Status:{state}]")
                } else {
                    message
                };
                Err(Failure::Pending(message + &later))
            }
            state => {
                let reason = registration.reason.map_or(String::new(), |reason| format!(" Reason: {reason}"));
                let message =
                    if message.is_empty() { format!("Registration has failed. [Status:{state}]") } else { message };
                Err(Failure::NotAccepted(format!("{message}{reason}")))
            }
        }
    }

    /// Renews the certificate when it is due and uses the new one; returns the valid one that there is after that. What
    /// goes wrong is logged: the present certificate stays in use.
    pub async fn renew(&self, secret: &Secret) -> Option<Material> {
        self.valid_material()?;
        match renew(&self.site, &self.signer, secret).await {
            Ok(Renewal::NotDue) => {}
            Ok(Renewal::Renewed(folder)) => self.log.info(
                REGISTRATION,
                &format!(
                    "the certificate was renewed; the old keystore is kept in {} until the new one was used",
                    self.home.shown(&folder)
                ),
            ),
            Ok(Renewal::Waits(registration)) => {
                let reason = registration.reason.map_or_else(String::new, |reason| format!(": {reason}"));
                let state = registration.state;
                self.log.warn(REGISTRATION, &format!("the certificate is due and not renewed yet: {state}{reason}"));
            }
            Err(error) => self.log.warn(REGISTRATION, &format!("the certificate is due and not renewed: {error}")),
        }
        match use_renewed(&self.site, &self.signer, secret).await {
            Ok(true) => self.log.info(REGISTRATION, "the renewed certificate was used; the old keystore is removed"),
            Ok(false) => {}
            Err(error) => {
                self.log.warn(
                    REGISTRATION,
                    &format!("the renewed certificate was not used, the old keystore stays: {error}"),
                );
            }
        }
        self.valid_material()
    }

    /// Key and chain of the keystore, while they are valid.
    pub fn valid_material(&self) -> Option<Material> {
        self.site.material().ok().flatten().filter(Material::valid_now)
    }

    /// Who signs, for people.
    fn signs(&self) -> String {
        let product = if self.names_hosts() { "PassPort" } else { "the EST server" };
        format!("{product} at {}:{}", self.site.host, self.site.https_port)
    }

    fn not_registered(&self, error: RegisterError) -> Failure {
        match error {
            RegisterError::Proof(error) => self.not_proved(&error),
            RegisterError::Est(error @ (EstError::Unreachable(..) | EstError::Answer(..))) => {
                Failure::CannotTell(format!("self-registration is not possible now: {error}"))
            }
            RegisterError::Est(error) => Failure::NotAccepted(format!("self-registration failed: {error}")),
            RegisterError::Certificate(_) => Failure::NotAccepted(error.to_string()),
            other => Failure::Failed(other.to_string()),
        }
    }

    fn not_proved(&self, error: &ProofError) -> Failure {
        match error {
            ProofError::NotAccepted => Failure::NotAccepted(format!(
                "self-registration failed: authorization refused, {} does not accept the shared secret in {}",
                self.signs(),
                self.engine.place().file
            )),
            ProofError::Untrusted(..) | ProofError::Clock(_) => {
                Failure::NotAccepted(format!("self-registration failed: {error}"))
            }
            ProofError::Unreachable(..) | ProofError::Unavailable(_) | ProofError::Protocol(_) => {
                Failure::CannotTell(format!("self-registration is not possible now: {error}"))
            }
        }
    }
}

fn read_place(engine: Engine, path: &Path) -> Result<Option<Secret>, String> {
    let text = std::fs::read(path).map(Zeroizing::new).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "is missing".to_owned(),
        _ => format!("cannot be read: {error}"),
    })?;
    let place = engine.place();
    let format = place.form().ok_or("has a format that is not known")?;
    format.read(&text, place.key).map_err(|error| format!("cannot be read: {error}"))
}

fn until(material: &Material) -> String {
    Validity::of(material.leaf())
        .and_then(|validity| jiff::Timestamp::from_second(validity.until).ok())
        .map_or(String::new(), |end| format!(", valid until {}", end.strftime("%Y-%m-%d")))
}
