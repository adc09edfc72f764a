//! How a place writes the secret: one file a format; read and write in place, keeping comments and order.
//!
//! An edit changes the bytes of the value and no other byte, and is read back before it is handed out.

mod error;
mod form;
mod format;
mod properties;
mod spot;
#[cfg(test)]
mod tests;
mod xml;

pub use error::FormError;
pub use form::Form;
pub use format::Format;

use zeroize::Zeroizing;

use crate::secret::Secret;
use spot::{Edit, Found};

/// What stands for a value where people see the file: always the same, whatever the value's length.
pub const MASK: &str = "••••••••";

impl Format {
    /// The value under a key, as the product reads it; `None` when the key is not there.
    ///
    /// A file that is not in this format and a key that stands there twice are errors, since the product might then
    /// use another value.
    pub fn read(self, text: &[u8], key: &str) -> Result<Option<Secret>, FormError> {
        Ok(self.find(text, key)?.map(|found| found.value))
    }

    /// The file with another value under a key that is there. Refuses a value that the format cannot hold.
    pub fn write(self, text: &[u8], key: &str, value: &Secret) -> Result<Zeroizing<Vec<u8>>, FormError> {
        let spot = self.find(text, key)?.ok_or_else(|| FormError::Missing { key: key.into() })?.spot;
        if value.expose().contains(['\n', '\r']) {
            return Err(FormError::Value { key: key.into(), rule: "a value with a line break cannot stand here" });
        }
        let escaped = match self {
            Self::Properties => properties::escape(value.expose()),
            Self::Xml => xml::escape(key, value.expose())?,
            other => return Err(FormError::Unknown(other.name().into())),
        };
        let written = spot::apply(text, &spot.edits(&escaped));
        match self.read(&written, key)? {
            Some(back) if back.same_as(value) => Ok(written),
            _ => Err(FormError::NotKept { key: key.into() }),
        }
    }

    /// The file as people may see it: [`MASK`] instead of the value, and instead of what is commented out under the
    /// same key. Bytes that are not UTF-8 are shown as Latin-1.
    pub fn masked(self, text: &[u8], key: &str) -> Result<String, FormError> {
        let spot = self.find(text, key)?.ok_or_else(|| FormError::Missing { key: key.into() })?.spot;
        let commented = match self {
            Self::Properties => properties::commented_out(text, key),
            Self::Xml => xml::commented_out(text, key),
            other => return Err(FormError::Unknown(other.name().into())),
        };
        let mut edits = spot.edits(MASK);
        edits.extend(commented.into_iter().map(|range| Edit::new(range, &[MASK])));
        edits.sort_by_key(|edit| edit.range.start);
        Ok(spot::show(text, &edits))
    }

    fn find(self, text: &[u8], key: &str) -> Result<Option<Found>, FormError> {
        match self {
            Self::Properties => properties::find(text, key),
            Self::Xml => xml::find(text, key),
            other => Err(FormError::Unknown(other.name().into())),
        }
    }
}
