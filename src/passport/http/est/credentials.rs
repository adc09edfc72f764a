//! HTTP Basic (RFC 7617): whose name, and the secret.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::passport::csd::DEFAULT_INSTANCE;
use crate::secret::{MAX_LENGTH, Secret};

/// The longest user name that is looked at, in bytes.
const MAX_USER: usize = 256;

/// What somebody gave.
pub struct Credentials {
    /// Component name.
    pub name: String,
    /// Component instance.
    pub instance: String,
    /// The password.
    pub secret: Secret,
}

/// What a request gave: nothing (the client waits to be asked), something that can only be wrong, or credentials.
pub enum Given {
    Nothing,
    Unusable,
    Credentials(Credentials),
}

/// Reads them from a request's headers. The user name is `name` or `name/instance`.
pub fn given(headers: &HeaderMap) -> Given {
    let Some(value) = headers.get(AUTHORIZATION) else { return Given::Nothing };
    basic(value.as_bytes()).map_or(Given::Unusable, Given::Credentials)
}

fn basic(value: &[u8]) -> Option<Credentials> {
    let (scheme, encoded) = std::str::from_utf8(value).ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let decoded = Zeroizing::new(STANDARD.decode(encoded.trim()).ok()?);
    let (user, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    if user.len() > MAX_USER || password.len() > MAX_LENGTH {
        return None;
    }
    let (name, instance) = user.split_once('/').unwrap_or((user, DEFAULT_INSTANCE));
    Some(Credentials { name: name.into(), instance: instance.into(), secret: Secret::copy_of(password) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, String, String)> {
        let given = basic(format!("basic {}", STANDARD.encode(text)).as_bytes())?;
        Some((given.name, given.instance, given.secret.expose().to_owned()))
    }

    #[test]
    fn a_name_may_carry_its_instance_and_a_password_anything() {
        let parts = |name: &str, instance: &str, secret: &str| Some((name.into(), instance.into(), secret.into()));
        assert_eq!(read("printer:a:b/c"), parts("printer", "default", "a:b/c"));
        assert_eq!(read("printer/east:secret"), parts("printer", "east", "secret"));
        assert_eq!(read("printer/a/b:"), parts("printer", "a/b", ""));
        assert_eq!(read("nobody"), None);
        assert_eq!(read(&format!("{}:x", "n".repeat(300))), None);
        assert!(basic(b"Bearer abc").is_none() && basic(b"Basic ???").is_none() && basic(b"Basic").is_none());
    }
}
