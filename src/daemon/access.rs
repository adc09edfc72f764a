//! A server's access to its authority: the secret from its place, the proof, the registration.

use std::io;
use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::log::Log;
use crate::forms::Format;
use crate::registration::enrol::{RegisterError, register, register_in_turn};
use crate::registration::est::EstError;
use crate::registration::expected::Expected;
use crate::registration::material::{Material, Validity};
use crate::registration::prove::{NOTABLE_CLOCK_DIFFERENCE, ProofError, Proved};
use crate::registration::renew::{Renewal, renew, use_renewed};
use crate::registration::signer::Signer;
use crate::registration::site::Site;
use crate::registration::state::State;
use crate::registration::wire::Purpose;
use crate::secret::{Secret, SourceError, check_private_file};
use zeroize::Zeroizing;

const ACCESS: &str = "PassPortAccess";
const REGISTRATION: &str = "Registration";

/// Where a server keeps the shared secret.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The file.
    pub file: PathBuf,
    /// Its format.
    pub format: Format,
    /// The key within it.
    pub key: String,
}

/// A server and the authority that it was told.
pub struct Access {
    /// What it is called in messages about its registration.
    pub component: &'static str,
    /// The product's folder; files in it are shown without it.
    pub home: PathBuf,
    /// Where the secret stands.
    pub place: Kept,
    /// The server as a component that registers.
    pub site: Site,
    /// Who signs.
    pub signer: Signer,
    /// Certificates that somebody said the authority shows.
    pub expected: Vec<Expected>,
    /// What tells of it.
    pub log: Log,
}

impl Access {
    /// Whether certificates of a listening engine name its host. Those of a foreign authority name whom it likes.
    pub fn names_hosts(&self) -> bool {
        self.signer == Signer::Ours
    }

    /// Reads the secret from its place.
    pub fn read_secret(&self) -> Result<Secret, Failure> {
        let shown = self.shown(&self.place.file);
        if let Err(error @ SourceError::Unsafe { .. }) = check_private_file(&self.place.file) {
            self.log.warn(ACCESS, &error.to_string());
        }
        let secret = self.place.read().map_err(|why| Failure::CannotTell(format!("{shown} {why}")))?;
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
        self.accepted(self.site.prove(secret, Purpose::Prove).await)
    }

    fn accepted(&self, proof: Result<Proved, ProofError>) -> Result<String, Failure> {
        let proved = proof.map_err(|error| self.not_proved(&error))?;
        self.log.info(ACCESS, &format!("{} accepted the shared secret {}", self.signs(), proved.secret_id));
        let ahead = proved.clock_difference;
        if ahead.abs() > NOTABLE_CLOCK_DIFFERENCE {
            let text = "from 300 s on nothing is submitted: synchronise the clocks";
            self.log.warn(ACCESS, &format!("the clock of {} differs by {ahead} s; {text}", self.signs()));
        }
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

    /// The same before everything is begun anew: without the keystore, which may be what is not believed any more.
    pub async fn take_secret_anew(&self) -> Result<(Secret, Option<String>), Failure> {
        let secret = self.read_secret()?;
        match self.signer {
            Signer::Ours => {
                let id = self.accepted(self.site.prove_anew(&secret, Purpose::Prove).await)?;
                Ok((secret, Some(id)))
            }
            Signer::Est(_) => Ok((secret, None)),
        }
    }

    /// Registers if there is no valid keystore, renews one that is due, and returns key and chain. With `now` a pending
    /// registration is asked for even when the authority wants that later.
    pub async fn register(&self, secret: &Secret, now: bool) -> Result<Material, Failure> {
        let shown = self.shown(&self.site.keystore());
        if let Some(material) = self.renew(secret).await {
            self.log.info(REGISTRATION, &format!("registered; the certificate is in {shown}{}", until(&material)));
            return Ok(material);
        }
        self.is_expected().await?;
        self.log.info(REGISTRATION, &format!("no valid certificate in {shown}: registering with {}", self.signs()));
        let registration = if now {
            register(&self.site, &self.signer, secret).await
        } else {
            register_in_turn(&self.site, &self.signer, secret).await
        };
        let registration = registration.map_err(|error| self.not_registered(error))?;
        let message = registration.state.message_for(self.component).unwrap_or_default();
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

    /// Tells whether the authority shows the certificates that somebody said it shows. Asked before anything is submitted.
    pub async fn is_expected(&self) -> Result<(), Failure> {
        for expected in &self.expected {
            expected.is_shown(&self.site).await?;
        }
        Ok(())
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
                    self.shown(&folder)
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

    /// A path as people read it: below the product's folder where that is possible.
    pub fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.home).unwrap_or(path).display().to_string()
    }

    /// Who signs, for people.
    pub(super) fn signs(&self) -> String {
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
                self.shown(&self.place.file)
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

impl Kept {
    /// The value that stands there. The error reads on after the file's name and never shows a part of it.
    pub fn read(&self) -> Result<Option<Secret>, String> {
        let text = std::fs::read(&self.file).map(Zeroizing::new).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => "is missing".to_owned(),
            _ => format!("cannot be read: {error}"),
        })?;
        self.format.read(&text, &self.key).map_err(|error| format!("cannot be read: {error}"))
    }
}

fn until(material: &Material) -> String {
    Validity::of(material.leaf())
        .and_then(|validity| jiff::Timestamp::from_second(validity.until).ok())
        .map_or(String::new(), |end| format!(", valid until {}", end.strftime("%Y-%m-%d")))
}
