//! What a proof that holds leads to: the four identity values are judged here, and nowhere earlier, so that a start
//! never tells which components exist.

use super::Fault;
use super::audit::Entry;
use super::authority::Authority;
use super::components::{self, Component, Judged};
use super::given_up;
use super::requests::{self, Standing, Submission, Via};
use super::store::Tx;
use crate::registration::state::State;
use crate::registration::wire::{Bytes, GivesUp, Identity, Outcome, Purpose};

/// A proof that holds.
pub struct Proof {
    /// Its audit row, without the result.
    pub entry: Entry,
    /// Who proved.
    pub component: Identity,
    /// What for.
    pub purpose: Purpose,
    /// Whether the request is the one that was bound when the proof began.
    pub is_bound: bool,
    /// The secret that was proved.
    pub secret_id: String,
    /// The certificate request, DER.
    pub request: Option<Vec<u8>>,
    /// What the component gives up.
    pub gives_up: Option<GivesUp>,
    /// The serial of the certificate that the connection shows.
    pub shown: Option<String>,
}

/// Decides, in one transaction with its audit row; waits for a signature as long as the property says.
pub async fn decide(authority: &Authority, proof: Proof) -> Result<Outcome, Fault> {
    let request = proof.request.as_deref().filter(|_| proof.purpose == Purpose::Enrol && proof.is_bound);
    let submission = request.map(|request| Submission::new(request, Via::Proof, proof.shown.as_deref()));
    let mut tx = authority.store.write().await?;
    let component = match components::judge(&mut tx, &proof.component).await? {
        Judged::Unknown(reason) => Err(failed(reason)),
        Judged::Welcome if proof.purpose == Purpose::Check => Err(status(State::New)),
        Judged::Welcome => Ok(components::take_in(&mut tx, &proof.component).await?),
        Judged::Known(component) => Ok(component),
    };
    let mut given_up = Vec::new();
    let (standing, holds_another) = match component {
        Err(standing) => (standing, false),
        Ok(component) => {
            let is_noted = proof.purpose != Purpose::Check;
            let holds_another = is_noted && components::proved(&mut tx, &component, &proof.secret_id).await?;
            if let (Some(gives_up), Purpose::Enrol) = (&proof.gives_up, proof.purpose) {
                given_up = given_up::drop_all(&mut tx, &component, gives_up, proof.shown.as_deref()).await?;
            }
            (known(authority, &mut tx, &component, &proof, submission.as_ref()).await?, holds_another)
        }
    };
    let standing = conclude(authority, tx, proof.entry, standing, holds_another).await?;
    let given_up = given_up::told(authority, given_up).await?;
    Ok(Outcome {
        status: standing.status,
        certificate: standing.certificate.map(Bytes),
        request_id: standing.id,
        ca: vec![Bytes(authority.ca.certificate().to_vec())],
        reason: standing.reason,
        given_up,
    })
}

/// Ends a decision about a registration: its audit row and the transaction, then the wait for a signature. With
/// `holds_another` the component proved another secret than the last time.
pub(super) async fn conclude(
    authority: &Authority,
    mut tx: Tx,
    entry: Entry,
    standing: Standing,
    holds_another: bool,
) -> Result<Standing, Fault> {
    let entry = entry.result(&standing.status, standing.reason.as_deref());
    entry.write(&mut *tx).await?;
    tx.commit().await?;
    authority.log.info(&entry);
    if holds_another {
        // Perhaps the last component that kept an earlier secret alive.
        authority.secrets_changed.notify_one();
    }
    requests::wait(authority, standing).await
}

async fn known(
    authority: &Authority,
    tx: &mut Tx,
    component: &Component,
    proof: &Proof,
    submission: Option<&Submission<'_>>,
) -> Result<Standing, Fault> {
    match (proof.purpose, submission) {
        (Purpose::Enrol, Some(submission)) => requests::submit(authority, tx, component, submission).await,
        (Purpose::Enrol, None) if proof.request.is_none() && proof.gives_up.is_some() => Ok(status(State::New)),
        (Purpose::Enrol, None) => Ok(failed("the request is not the one that the proof was begun for".into())),
        _ if requests::has_certificate(tx, component).await? => Ok(status(State::Registered)),
        _ => Ok(status(State::New)),
    }
}

fn status(status: State) -> Standing {
    Standing { id: None, status, certificate: None, reason: None }
}

pub(super) fn failed(reason: String) -> Standing {
    Standing { reason: Some(reason), ..status(State::Failed) }
}
