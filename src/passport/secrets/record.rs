//! From an OPAQUE registration (RFC 9807, section 5) to a record: ids are given out here and nowhere else.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use opaque_ke::{RegistrationRequest, RegistrationUpload, ServerRegistration, ServerSetup};

use super::{State, random_id, word};
use crate::passport::store::{Tx, query};
use crate::passport::{Fault, now};
use crate::registration::opaque::{KSF_VERSION, Suite};
use crate::secret::phc;

/// Ids handed out whose record has not come yet.
const MOST_STARTED: usize = 16;

/// A record whose id this authority gave out.
pub struct Record {
    /// The secret's id.
    pub id: String,
    ksf: u16,
    bytes: Vec<u8>,
    basic: Option<String>,
}

/// Ids that were given out and wait for their record.
#[derive(Default)]
pub struct Started(Mutex<VecDeque<String>>);

impl Started {
    /// Answers whoever sets a secret; returns the new id and OPAQUE's registration response.
    pub fn begin(&self, setup: &ServerSetup<Suite>, request: &[u8]) -> Result<(String, Vec<u8>), Fault> {
        let request = RegistrationRequest::<Suite>::deserialize(request)
            .map_err(|_| Fault::refused("the request is no OPAQUE registration request"))?;
        let id = random_id('s');
        let answer = ServerRegistration::<Suite>::start(setup, request, id.as_bytes())
            .map_err(|_| Fault::refused("the OPAQUE registration request cannot be answered"))?;
        let mut started = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if started.len() == MOST_STARTED {
            started.pop_front();
        }
        started.push_back(id.clone());
        Ok((id, answer.message.serialize().to_vec()))
    }

    /// The record that belongs to an id given out before, with the secret's Argon2id hash for HTTP Basic. The id is
    /// good for one.
    pub fn record(&self, id: &str, ksf: u16, upload: &[u8], basic: Option<String>) -> Result<Record, Fault> {
        if ksf != KSF_VERSION {
            return Err(Fault::refused(format!("stretching version {ksf} is not known here")));
        }
        if basic.as_deref().is_some_and(|hash| !phc::is_ours(hash)) {
            return Err(Fault::refused("the secret's hash is no Argon2id hash of the kind that is used here"));
        }
        let mut started = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(place) = started.iter().position(|given| given == id) else {
            return Err(Fault::refused(format!("{id} was not given out by this PassPort: begin anew")));
        };
        let upload = RegistrationUpload::<Suite>::deserialize(upload)
            .map_err(|_| Fault::refused("the record is no OPAQUE registration record"))?;
        started.remove(place);
        let bytes = ServerRegistration::<Suite>::finish(upload).serialize().to_vec();
        Ok(Record { id: id.to_owned(), ksf, bytes, basic })
    }
}

impl Record {
    /// Writes it as a secret in this state.
    pub(super) async fn insert(&self, write: &mut Tx, state: State) -> Result<(), Fault> {
        query(
            "INSERT INTO secrets (id, state, record, ksf, made, changed, basic, number)
             VALUES ($1, $2, $3, $4, $5, $5, $6, (SELECT COALESCE(MAX(number), 0) + 1 FROM secrets))",
        )
        .bind(&self.id)
        .bind(word(state))
        .bind(&self.bytes)
        .bind(self.ksf)
        .bind(now())
        .bind(&self.basic)
        .execute(&mut **write)
        .await?;
        Ok(())
    }
}
