//! The proof of the secret: OPAQUE (RFC 9807) in two requests on one TLS 1.3 connection, bound to it (see `wire`).

use std::sync::{Arc, Weak};
use std::time::Duration;

use axum::Extension;
use axum::extract::{Request, State};
use axum::response::Response;
use opaque_ke::{CredentialFinalization, CredentialRequest, ServerLogin, ServerLoginParameters};
use tokio::task::AbortHandle;
use zeroize::{Zeroize, Zeroizing};

use super::connection::Connection;
use super::{Refusal, json, read};
use crate::passport::audit::Entry;
use crate::passport::authority::Authority;
use crate::passport::limits::{Attempt, Kind};
use crate::passport::secrets::{self, Accepted, random_id};
use crate::passport::{Fault, outcome};
use crate::registration::opaque::{Suite, rng};
use crate::registration::wire::{
    Bytes, Challenge, EXPORTER_LENGTH, FinishAnswer, FinishRequest, Identity, PROBE_COMPONENT, Purpose, StartAnswer,
    StartRequest, context, request_hash, seal,
};

/// A start that is not finished within this counts as a failed proof.
const UNFINISHED: Duration = Duration::from_secs(5);
/// Longest value of an identity that is even looked at, in bytes.
const MAX_PART: usize = 256;

/// A proof that was begun and not finished yet. Dropped as it is, it counts as a failed one.
pub struct Open {
    /// Names it in the second request.
    pub token: String,
    start: Start,
    challenges: Vec<(String, ServerLogin<Suite>)>,
    attempt: Attempt,
    audit: Unfinished,
    _deadline: Deadline,
}

/// What the first request bound.
struct Start {
    component: Identity,
    purpose: Purpose,
    request_hash: [u8; 32],
    exporter: [u8; EXPORTER_LENGTH],
}

/// `POST /countersign/v1/proof/start`.
pub async fn start(
    State(authority): State<Arc<Authority>>,
    Extension(connection): Extension<Arc<Connection>>,
    request: Request,
) -> Result<Response, Refusal> {
    let exporter = *connection.exporter().ok_or(Refusal::TLS)?;
    let StartRequest { component, purpose, request_hash, ke1 } = read(request).await?;
    let request_hash = request_hash.0.try_into().map_err(|_| Refusal::NOT_UNDERSTOOD)?;
    let ke1 = CredentialRequest::<Suite>::deserialize(&ke1.0).map_err(|_| Refusal::NOT_UNDERSTOOD)?;
    if component.parts().iter().any(|(_, value)| value.len() > MAX_PART) {
        return Err(Refusal::NOT_UNDERSTOOD);
    }
    // Ended first, so that its failure counts before this start is let in.
    connection.begin(None);
    let is_probe = component.name == PROBE_COMPONENT;
    let kind = match purpose {
        _ if is_probe => Kind::Probe,
        Purpose::Check => Kind::Check,
        Purpose::Prove | Purpose::Enrol => Kind::Component,
    };
    let attempt = authority.limits.admit(connection.source(), kind).await.map_err(|_| Refusal::BUSY)?;
    let start = Start { component, purpose, request_hash, exporter };
    let (challenges, states): (Vec<_>, Vec<_>) = match challenge(&authority, &start, &ke1, is_probe).await {
        Ok(made) => made.into_iter().unzip(),
        Err(fault) => {
            attempt.withdrawn();
            return Err(Refusal::internal(&authority, &fault));
        }
    };
    if challenges.is_empty() {
        attempt.withdrawn();
        return Err(Refusal::NO_SECRET);
    }
    let token = random_id('t');
    let audit = Unfinished::new(&authority, &connection, &start);
    let deadline = Deadline::new(&connection, token.clone());
    connection.begin(Some(Open {
        token: token.clone(),
        start,
        challenges: states,
        attempt,
        audit,
        _deadline: deadline,
    }));
    Ok(json(&StartAnswer { token, challenges }))
}

/// `POST /countersign/v1/proof/finish`.
pub async fn finish(
    State(authority): State<Arc<Authority>>,
    Extension(connection): Extension<Arc<Connection>>,
    request: Request,
) -> Result<Response, Refusal> {
    connection.exporter().ok_or(Refusal::TLS)?;
    let FinishRequest { token, secret_id, ke3, request, gives_up } = read(request).await?;
    let Open { start, challenges, attempt, audit, .. } = connection.take(&token).ok_or(Refusal::Unproved)?;
    let Some(session_key) = proved(&start, challenges, &secret_id, &ke3.0) else {
        let entry = audit.settled().secret(&secret_id).result("refused", Some("the proof does not hold"));
        drop(attempt);
        authority.audit(entry).await;
        return Err(Refusal::Unproved);
    };
    attempt.succeeded();
    let request = request.map(|request| request.0).filter(|_| start.purpose == Purpose::Enrol);
    let proof = outcome::Proof {
        entry: audit.settled().secret(&secret_id),
        component: start.component,
        purpose: start.purpose,
        is_bound: request_hash(request.as_deref()) == start.request_hash,
        secret_id,
        request,
        gives_up,
        shown: connection.serial().map(str::to_owned),
    };
    let outcome = outcome::decide(&authority, proof).await.map_err(|fault| Refusal::internal(&authority, &fault))?;
    let outcome =
        serde_json::to_string(&outcome).map_err(|_| Refusal::internal(&authority, &Fault::Damaged("an outcome")))?;
    let mac = Bytes(seal(&session_key, &outcome));
    Ok(json(&FinishAnswer { outcome, mac }))
}

type Challenged = (Challenge, (String, ServerLogin<Suite>));

/// One challenge for each accepted secret. The probe gets one made from no record at all: nobody can answer it.
async fn challenge(
    authority: &Authority,
    start: &Start,
    ke1: &CredentialRequest<Suite>,
    is_probe: bool,
) -> Result<Vec<Challenged>, Fault> {
    let accepted = secrets::accepted(&authority.store).await?;
    let one = |Accepted { id, ksf, record }: Accepted| {
        let context = start.context(&id);
        let parameters = ServerLoginParameters { context: Some(&context), ..ServerLoginParameters::default() };
        let record = (!is_probe).then_some(record);
        let begun = ServerLogin::start(&mut rng(), &authority.setup, record, ke1.clone(), id.as_bytes(), parameters)
            .map_err(|_| Fault::refused("a challenge could not be made"))?;
        let ke2 = Bytes(begun.message.serialize().to_vec());
        Ok((Challenge { id: id.clone(), ksf, ke2 }, (id, begun.state)))
    };
    accepted.into_iter().map(one).collect()
}

/// The session key, when KE3 answers the challenge of this secret. The probe never proves anything.
fn proved(
    start: &Start,
    challenges: Vec<(String, ServerLogin<Suite>)>,
    id: &str,
    ke3: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (_, state) = challenges.into_iter().find(|(challenged, _)| challenged == id)?;
    let ke3 = CredentialFinalization::<Suite>::deserialize(ke3).ok()?;
    let context = start.context(id);
    let parameters = ServerLoginParameters { context: Some(&context), ..ServerLoginParameters::default() };
    let mut finished = state.finish(ke3, parameters).ok().filter(|_| start.component.name != PROBE_COMPONENT)?;
    let key = Zeroizing::new(finished.session_key.to_vec());
    finished.session_key.as_mut_slice().zeroize();
    Some(key)
}

impl Start {
    fn context(&self, secret_id: &str) -> Vec<u8> {
        context(self.purpose, secret_id, &self.component, &self.exporter, &self.request_hash)
    }
}

/// The audit row of a proof; written by itself when nobody comes back to finish it.
struct Unfinished(Option<(Weak<Authority>, Entry)>);

impl Unfinished {
    fn new(authority: &Arc<Authority>, connection: &Connection, start: &Start) -> Self {
        let entry = Entry::new(connection.who(), start.purpose.word()).component(&start.component);
        let entry = if start.request_hash == [0; 32] { entry } else { entry.request(&start.request_hash) };
        Self(Some((Arc::downgrade(authority), entry)))
    }

    fn settled(mut self) -> Entry {
        self.0.take().map(|(_, entry)| entry).unwrap_or_default()
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some((authority, entry)) = self.0.take()
            && let Some(authority) = authority.upgrade()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let entry = entry.result("refused", Some("begun and not finished: a wrong secret, or broken off"));
            runtime.spawn(async move { authority.audit(entry).await });
        }
    }
}

/// Ends a proof that nobody finishes in time.
struct Deadline(AbortHandle);

impl Deadline {
    fn new(connection: &Arc<Connection>, token: String) -> Self {
        let connection = Arc::downgrade(connection);
        let task = tokio::spawn(async move {
            tokio::time::sleep(UNFINISHED).await;
            if let Some(connection) = connection.upgrade() {
                drop(connection.take(&token));
            }
        });
        Self(task.abort_handle())
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        self.0.abort();
    }
}
