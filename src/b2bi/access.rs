//! An engine's access to PassPort: its secret from its place, the proof, the registration.

use std::io;
use std::path::Path;

use super::engine::Engine;
use super::failure::Failure;
use super::home::Home;
use super::integration::Integration;
use super::log::Log;
use crate::registration::enrol::{RegisterError, register};
use crate::registration::material::{Material, Validity};
use crate::registration::prove::ProofError;
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
    log: Log,
}

impl Access {
    /// For this engine, as its integration says.
    pub fn new(home: &Home, engine: Engine, integration: &Integration, log: Log) -> Self {
        Self { home: home.clone(), engine, site: integration.site(home, engine), log }
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
    pub async fn prove(&self, secret: &Secret) -> Result<String, Failure> {
        let proved = self.site.prove(secret, Purpose::Prove).await.map_err(|error| self.not_proved(&error))?;
        self.log.info(ACCESS, &format!("{} accepted the shared secret {}", self.passport(), proved.secret_id));
        Ok(proved.secret_id)
    }

    /// Registers if there is no valid keystore, and returns key and chain.
    pub async fn register(&self, secret: &Secret) -> Result<Material, Failure> {
        let shown = self.home.shown(&self.site.keystore());
        if let Some(material) = self.valid_material() {
            self.log.info(REGISTRATION, &format!("registered; the certificate is in {shown}{}", until(&material)));
            return Ok(material);
        }
        self.log.info(REGISTRATION, &format!("no valid certificate in {shown}: registering with {}", self.passport()));
        let registration = register(&self.site, secret).await.map_err(|error| match error {
            RegisterError::Proof(error) => self.not_proved(&error),
            RegisterError::Certificate(_) => Failure::NotAccepted(error.to_string()),
            other => Failure::Failed(other.to_string()),
        })?;
        let message = registration.state.message().unwrap_or_default();
        match registration.state {
            State::Registered => {
                let material = self
                    .valid_material()
                    .ok_or_else(|| Failure::Failed(format!("{shown} cannot be read just after it was written")))?;
                self.log.info(REGISTRATION, &format!("registered; the certificate is in {shown}{}", until(&material)));
                Ok(material)
            }
            state if state.is_pending() => Err(Failure::Pending(if message.is_empty() {
                format!("Registration is still in progress. [Status:{state}]")
            } else {
                message
            })),
            state => {
                let reason = registration.reason.map_or(String::new(), |reason| format!(" Reason: {reason}"));
                let message =
                    if message.is_empty() { format!("Registration has failed. [Status:{state}]") } else { message };
                Err(Failure::NotAccepted(format!("{message}{reason}")))
            }
        }
    }

    fn valid_material(&self) -> Option<Material> {
        self.site.material().ok().flatten().filter(Material::valid_now)
    }

    fn passport(&self) -> String {
        format!("PassPort at {}:{}", self.site.host, self.site.https_port)
    }

    fn not_proved(&self, error: &ProofError) -> Failure {
        match error {
            ProofError::NotAccepted => Failure::NotAccepted(format!(
                "self-registration failed: authorization refused, {} does not accept the shared secret in {}",
                self.passport(),
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
