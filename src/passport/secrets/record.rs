//! From an OPAQUE registration (RFC 9807, section 5) to a record: ids are given out here and nowhere else.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use opaque_ke::{RegistrationRequest, RegistrationUpload, ServerRegistration, ServerSetup};

use super::{State, random_id, word};
use crate::passport::store::{Tx, query};
use crate::passport::{Fault, now};
use crate::registration::opaque::{KSF_VERSION, Suite};

/// Ids handed out whose record has not come yet.
const MOST_STARTED: usize = 16;

/// A record whose id this authority gave out.
pub struct Record {
    /// The secret's id.
    pub id: String,
    ksf: u16,
    bytes: Vec<u8>,
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

    /// The record that belongs to an id given out before. The id is good for one.
    pub fn record(&self, id: &str, ksf: u16, upload: &[u8]) -> Result<Record, Fault> {
        if ksf != KSF_VERSION {
            return Err(Fault::refused(format!("stretching version {ksf} is not known here")));
        }
        let mut started = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(place) = started.iter().position(|given| given == id) else {
            return Err(Fault::refused(format!("{id} was not given out by this PassPort: begin anew")));
        };
        let upload = RegistrationUpload::<Suite>::deserialize(upload)
            .map_err(|_| Fault::refused("the record is no OPAQUE registration record"))?;
        started.remove(place);
        let bytes = ServerRegistration::<Suite>::finish(upload).serialize().to_vec();
        Ok(Record { id: id.to_owned(), ksf, bytes })
    }
}

impl Record {
    /// Writes it as a secret in this state.
    pub(super) async fn insert(&self, write: &mut Tx, state: State) -> Result<(), Fault> {
        query("INSERT INTO secrets (id, state, record, ksf, made, changed) VALUES ($1, $2, $3, $4, $5, $5)")
            .bind(&self.id)
            .bind(word(state))
            .bind(&self.bytes)
            .bind(self.ksf)
            .bind(now())
            .execute(&mut **write)
            .await?;
        Ok(())
    }
}
