//! How a place writes the secret: one file a format; read and write in place, keeping comments and order.
//!
//! An edit changes the bytes of the value and no other byte, and is read back before it is handed out.

mod codec;
mod error;
mod form;
mod format;
mod ini;
mod json;
mod path;
mod properties;
mod quote;
mod spot;
#[cfg(test)]
mod tests;
mod text;
mod toml;
mod whole;
mod words;
mod xml;
mod yaml;

pub use error::FormError;
pub use form::Form;
pub use format::Format;

use std::cmp::Reverse;
use std::ops::Range;

use zeroize::Zeroizing;

use crate::secret::Secret;
use spot::{Edit, Found, Hand};

/// What stands for a value where people see the file: always the same, whatever the value's length.
pub const MASK: &str = "••••••••";

/// How a place writes the secret: the file's syntax and the form within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// The file's syntax.
    pub format: Format,
    /// How the secret is written within it.
    pub form: Form,
}

impl Shape {
    /// The shape of these names, as profiles give them.
    ///
    /// # Errors
    /// The first name that is not known.
    pub fn named(format: &str, form: &str) -> Result<Self, FormError> {
        Ok(Self { format: format.parse()?, form: form.parse()? })
    }

    /// The secret under a key, as the product reads it; `None` when the key is not there.
    ///
    /// A file that is not in this format, a key that stands there twice and whatever programs read in different ways are
    /// errors, since the product might then use another value.
    pub fn read(self, text: &[u8], key: &str) -> Result<Option<Secret>, FormError> {
        let found = self.find(text, key)?;
        found.map(|found| codec::decode(self.format, self.form, key, found.value)).transpose()
    }

    /// The file with another secret under a key that is there. Refuses one that the shape cannot hold.
    pub fn write(self, text: &[u8], key: &str, secret: &Secret) -> Result<Zeroizing<Vec<u8>>, FormError> {
        let spot = self.find(text, key)?.ok_or_else(|| FormError::Missing { key: key.into() })?.spot;
        let encoded = codec::encode(self.format, self.form, key, secret, spot.hand)?;
        if !encoded.is_ascii() && std::str::from_utf8(text).is_err() && self.format.keeps_encoding() {
            let rule = "a value beyond ASCII cannot stand in a file that is not UTF-8: convert the file";
            return Err(FormError::Value { key: key.into(), rule });
        }
        let escaped = self.escape(key, encoded, spot.hand)?;
        let written = spot::apply(text, &spot.edits(&escaped));
        match self.read(&written, key) {
            Ok(Some(back)) if back.same_as(secret) => Ok(written),
            _ => Err(FormError::NotKept { key: key.into() }),
        }
    }

    /// As [`Shape::write`], under several keys at once. Where the secret stands already, nothing changes.
    pub fn write_all(self, text: &[u8], keys: &[&str], secret: &Secret) -> Result<Zeroizing<Vec<u8>>, FormError> {
        let mut written = Zeroizing::new(text.to_vec());
        for key in keys {
            // A value that cannot be decoded is replaced; what is wrong with the file itself, writing tells.
            let present = self.read(&written, key).ok().flatten();
            if !present.is_some_and(|present| present.same_as(secret)) {
                written = self.write(&written, key, secret)?;
            }
        }
        Ok(written)
    }

    /// The file as people may see it: [`MASK`] instead of the values under these keys, and instead of what is commented
    /// out under the same ones. Bytes that are not UTF-8 are shown as Latin-1.
    pub fn masked(self, text: &[u8], keys: &[&str]) -> Result<String, FormError> {
        let mut edits = Vec::new();
        for key in keys {
            let found = self.find(text, key)?.ok_or_else(|| FormError::Missing { key: (*key).into() })?;
            let commented = self.format.commented_out(text, key, &found.spot.first);
            edits.extend(found.spot.edits(MASK));
            edits.extend(commented.into_iter().map(|range| Edit::new(range, &[MASK])));
        }
        edits.sort_by_key(|edit| (edit.range.start, Reverse(edit.range.end)));
        // Two keys may be in one comment.
        edits.dedup_by(|later, earlier| later.range.start < earlier.range.end);
        Ok(spot::show(text, &edits))
    }

    fn find(self, text: &[u8], key: &str) -> Result<Option<Found>, FormError> {
        let quoted = self.form == Form::Quoted;
        match (self.format, self.form) {
            (_, Form::Opaque) => Err(FormError::Opaque),
            (Format::Properties, _) => properties::find(text, key),
            (Format::Ini, _) => ini::find(text, key, quoted),
            (Format::Toml, _) => toml::find(text, key),
            (Format::Xml, _) => xml::find(text, key),
            (Format::Json, _) => json::find(text, key),
            (Format::Yaml, _) => yaml::find(text, key),
            (Format::Words, _) => words::find(text, key, quoted),
            (Format::Whole, _) => whole::find(text),
        }
    }

    /// An encoded value as the format writes it.
    fn escape(self, key: &str, value: Zeroizing<String>, hand: Hand) -> Result<Zeroizing<String>, FormError> {
        let quoted = self.form == Form::Quoted;
        Ok(match self.format {
            Format::Properties => properties::escape(&value),
            Format::Ini => ini::check(key, &value, quoted).map(|()| value)?,
            Format::Toml => toml::escape(&value, hand),
            Format::Xml => xml::escape(key, &value)?,
            Format::Json => quote::double(&value),
            Format::Yaml => yaml::escape(&value, hand, quoted),
            Format::Words => words::check(key, &value, quoted).map(|()| value)?,
            Format::Whole => whole::check(&value).map(|()| value)?,
        })
    }
}

impl Format {
    /// As [`Shape::read`], in the form plain.
    pub fn read(self, text: &[u8], key: &str) -> Result<Option<Secret>, FormError> {
        self.plain().read(text, key)
    }

    /// As [`Shape::write`], in the form plain.
    pub fn write(self, text: &[u8], key: &str, value: &Secret) -> Result<Zeroizing<Vec<u8>>, FormError> {
        self.plain().write(text, key, value)
    }

    /// As [`Shape::masked`], in the form plain.
    pub fn masked(self, text: &[u8], key: &str) -> Result<String, FormError> {
        self.plain().masked(text, &[key])
    }

    /// Whether a key is one that this format could look for.
    pub fn check_key(self, key: &str) -> Result<(), FormError> {
        match (self, key.is_empty()) {
            (Self::Whole, false) => Err(FormError::Key {
                key: key.into(),
                rule: "is no key, since the whole file is the value: leave it out",
            }),
            (Self::Words, _) => words::check_key(key),
            (Self::Whole, true) | (_, false) => Ok(()),
            (_, true) => Err(FormError::Key { key: key.into(), rule: "names nothing in the file: give the key" }),
        }
    }

    fn plain(self) -> Shape {
        Shape { format: self, form: Form::Plain }
    }

    /// Whether values are written in the file's own encoding, whatever that is.
    fn keeps_encoding(self) -> bool {
        matches!(self, Self::Ini | Self::Words)
    }

    fn commented_out(self, text: &[u8], key: &str, spot: &Range<usize>) -> Vec<Range<usize>> {
        match self {
            Self::Properties => properties::commented_out(text, key),
            Self::Ini => ini::commented_out(text, key),
            Self::Toml => toml::commented_out(text, key, spot),
            Self::Xml => xml::commented_out(text, key),
            Self::Json => json::commented_out(text, key),
            Self::Yaml => yaml::commented_out(text, key, spot),
            Self::Words => words::commented_out(text, key),
            Self::Whole => Vec::new(),
        }
    }
}
