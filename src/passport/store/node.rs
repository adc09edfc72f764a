//! One of the nodes that share an authority: what it is called, where its database is, and what opens the keys in it.
//!
//! With SQLite there is one node, and the keys lie open in its own file, closed to others. In a PostgreSQL, which others
//! administer and back up, they are sealed under a key that each node has in a file.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::fs::{PRIVATE_FILE, create};
use crate::passport::config::FIRST_NODE;
use crate::passport::{Fault, Home};
use crate::secret::SealingKey;

/// This node.
pub struct Node {
    /// Its name: the number in which it came.
    pub name: String,
    key: Option<SealingKey>,
}

impl Node {
    /// The one node of an authority on SQLite.
    pub fn only() -> Self {
        Self { name: FIRST_NODE.to_owned(), key: None }
    }

    /// A node of an authority on PostgreSQL.
    pub fn of(name: &str, key: SealingKey) -> Self {
        Self { name: name.to_owned(), key: Some(key) }
    }

    /// Reads a key file: one line, the key in base64.
    pub fn read_key(path: &Path) -> Result<SealingKey, Fault> {
        let text = Zeroizing::new(
            std::fs::read_to_string(path)
                .map_err(|error| Fault::refused(format!("{} cannot be read: {error}", path.display())))?,
        );
        STANDARD
            .decode(text.trim())
            .ok()
            .and_then(|bytes| SealingKey::from_bytes(&Zeroizing::new(bytes)))
            .ok_or_else(|| Fault::refused(format!("{} is no key of a PassPort: one line of base64", path.display())))
    }

    /// Writes the key file of this node.
    pub fn write_key(key: &SealingKey, home: &Home) -> Result<(), Fault> {
        let line = Zeroizing::new(format!("{}\n", *Zeroizing::new(STANDARD.encode(key.expose()))));
        Ok(create(&home.node_key(), line.as_bytes(), PRIVATE_FILE)?)
    }

    /// A private key as the database keeps it.
    pub fn seal(&self, name: &str, private: &[u8]) -> Result<Vec<u8>, Fault> {
        match &self.key {
            None => Ok(private.to_vec()),
            Some(key) => key.seal(name, private).map(String::into_bytes).ok_or(Fault::Damaged("a key")),
        }
    }

    /// A private key out of the database.
    pub fn open(&self, name: &str, kept: Vec<u8>) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let Some(key) = &self.key else { return Ok(Zeroizing::new(kept)) };
        let text = String::from_utf8(kept).map_err(|_| Fault::Damaged("a key"))?;
        key.open(name, &text).ok_or_else(|| {
            Fault::refused(
                "the key file of this node does not open the keys in the database: take the one of another node",
            )
        })
    }
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Node({})", self.name)
    }
}
