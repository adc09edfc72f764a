//! Why a keystore cannot be used, in one line for people.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::secret::SourceError;

/// Why a keystore cannot be read or written. The text never holds any of its content.
#[derive(Debug, Error)]
pub enum KeystoreError {
    /// The bytes are of another kind.
    #[error("is no keystore of the type JKS or PKCS#12 but {0}: give one of these types")]
    Foreign(&'static str),
    /// The structure is broken: the file was cut off or changed.
    #[error("is damaged ({0}): restore it, or register again")]
    Damaged(&'static str),
    /// The structure is whole, but the check sum over it and the password does not match.
    #[error("the password does not open it (or the file was changed): check its .pass file, or register again")]
    WrongPassword,
    /// The keystore opens, and a key in it is protected by another password.
    #[error("a key in it has a password of its own: give the key the keystore's password")]
    KeyPassword,
    /// It holds something that its format allows and that we do not know.
    #[error("holds {0}, which cannot be read here")]
    Unsupported(&'static str),
    /// Java takes no such password for PKCS#12: what others would open, it would not.
    #[error("is to be PKCS#12, and its password is not printable ASCII, as Java wants it: give another, or choose JKS")]
    PasswordNotAscii,
    /// More than a reader takes.
    #[error("would hold more than can be read again: nothing was written")]
    TooLarge,
    /// It holds no private key with a certificate, where one is needed.
    #[error("holds no private key with a certificate: register again")]
    NoKey,
    /// There is a keystore and no password beside it.
    #[error("has no password file {}: restore it, or register again", .0.display())]
    NoPassword(PathBuf),
    /// The password file, or the keystore's owner and mode, is not as it must be.
    #[error(transparent)]
    Password(#[from] SourceError),
    /// Another keystore stands where this one should be written.
    #[error("is there already with another password: move it away first")]
    InTheWay,
    /// What was read back is not what was written.
    #[error("reads back otherwise than it was written: nothing was kept")]
    NotKept,
    /// The file cannot be read or written.
    #[error("cannot be used: {0}")]
    File(#[from] io::Error),
    /// Any of the above, with the file it is about.
    #[error("{} {error}", path.display())]
    At {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        error: Box<KeystoreError>,
    },
}

impl KeystoreError {
    /// Names the file that the error is about, unless it names one already.
    #[must_use]
    pub fn at(self, path: &Path) -> Self {
        match self {
            Self::At { .. } | Self::Password(_) => self,
            error => Self::At { path: path.into(), error: Box::new(error) },
        }
    }

    /// What is wrong, without the file.
    pub fn kind(&self) -> &Self {
        match self {
            Self::At { error, .. } => error.kind(),
            error => error,
        }
    }
}
