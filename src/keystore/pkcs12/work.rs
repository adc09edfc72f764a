//! How much work a file may ask for.

use crate::keystore::KeystoreError;

/// The most rounds over the password that one file may ask for in all; some seconds of work.
const MOST: u32 = 10_000_000;

/// What is left of it.
pub(super) struct Work(u32);

impl Work {
    /// For one file.
    pub(super) fn new() -> Self {
        Self(MOST)
    }

    /// Takes the rounds of one derivation.
    pub(super) fn take(&mut self, rounds: u32) -> Result<(), KeystoreError> {
        if rounds == 0 {
            return Err(KeystoreError::Damaged("it asks for no round over its password"));
        }
        self.0 = self
            .0
            .checked_sub(rounds)
            .ok_or(KeystoreError::Damaged("it asks for over 10 million rounds over its password"))?;
        Ok(())
    }
}
