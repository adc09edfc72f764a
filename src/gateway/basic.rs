//! HTTP Basic credentials (RFC 7617), and values that may stand in headers.

use axum::http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::secret::Secret;

/// The longest user name and password, in bytes.
const LONGEST: usize = 256;

/// User and password of a request; `None` when it has none that can be used.
pub fn credentials(headers: &HeaderMap) -> Option<(String, Secret)> {
    let mut given = headers.get_all(AUTHORIZATION).iter();
    let (only, None) = (given.next()?, given.next()) else { return None };
    let (scheme, encoded) = only.as_bytes().split_at_checked(6)?;
    if !scheme.eq_ignore_ascii_case(b"basic ") {
        return None;
    }
    let plain = Zeroizing::new(STANDARD.decode(encoded.trim_ascii()).ok()?);
    let (user, password) = std::str::from_utf8(&plain).ok()?.split_once(':')?;
    // A name that a header would change must never be told to a site as another one.
    let is_usable = user.len() <= LONGEST && password.len() <= LONGEST && value(user).is_some();
    is_usable.then(|| (user.to_owned(), Secret::copy_of(password)))
}

/// A text as a header's value, if every reader takes it back as it is: no control characters, no blanks at the ends.
pub fn value(text: &str) -> Option<HeaderValue> {
    let is_whole = !text.is_empty() && text.trim() == text && !text.chars().any(char::is_control);
    is_whole.then(|| HeaderValue::from_bytes(text.as_bytes()).ok()).flatten()
}

/// Texts as one header's value, with commas between them; those that hold a comma themselves are left out.
pub fn list(texts: &[String]) -> Option<HeaderValue> {
    let fit: Vec<&str> =
        texts.iter().map(String::as_str).filter(|one| !one.contains(',') && value(one).is_some()).collect();
    HeaderValue::from_bytes(fit.join(",").as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(given: &[&str]) -> Option<(String, String)> {
        let mut headers = HeaderMap::new();
        for one in given {
            headers.append(AUTHORIZATION, HeaderValue::from_str(one).expect("a value"));
        }
        credentials(&headers).map(|(user, password)| (user, password.expose().to_owned()))
    }

    fn basic(plain: &str) -> String {
        format!("Basic {}", STANDARD.encode(plain))
    }

    #[test]
    fn only_whole_credentials_count_and_a_password_may_hold_a_colon() {
        let known = Some(("ada".to_owned(), "a:b é".to_owned()));
        assert_eq!(of(&[&basic("ada:a:b é")]), known);
        assert_eq!(of(&[&basic("ada:a:b é").replace("Basic ", "bAsIc  ")]), known);
        for wrong in
            ["", "Basic", "Basic !", "Bearer YTpi", &basic("ada"), &basic(":x"), &basic(" ada:x"), &basic("a\r\nb:x")]
        {
            assert_eq!(of(&[wrong]), None, "{wrong}");
        }
        assert_eq!(of(&[&basic("a:b"), &basic("c:d")]), None);
        assert_eq!(of(&[&basic(&format!("{}:x", "a".repeat(300)))]), None);
    }

    #[test]
    fn what_a_header_would_change_never_stands_in_one() {
        for wrong in ["", " a", "a ", "a\nb", "a\u{7f}", "a\u{85}b"] {
            assert_eq!(value(wrong), None, "{wrong:?}");
        }
        assert_eq!(value("jürgen").expect("a value").as_bytes(), "jürgen".as_bytes());
        let roles = ["api-gateway:User", "a,b", "c\n", "d"].map(str::to_owned);
        assert_eq!(list(&roles).expect("a value"), "api-gateway:User,d");
    }
}
