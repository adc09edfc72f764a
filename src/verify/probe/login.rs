//! `login`: the user `system` can log in, with the password that Install left and a component's certificate.

use reqwest::header::CONTENT_TYPE;
use reqwest::{Body, StatusCode};
use zeroize::{Zeroize, Zeroizing};

use super::authority::{Port, why};
use super::{Finding, client_auth};
use crate::registration::wire::{LOGIN_PATH, LoginAnswer, LoginRequest};
use crate::secret::{Secret, Source, SourceError};
use crate::verify::target::Target;

const USER: &str = "system";
/// Where Install leaves the password, below the product's home.
const PASSWORD: &str = "conf/system.pass";
/// Longest body of this request, in bytes: the buffer never grows, so no copy of the password stays behind.
const LONGEST: usize = 16 * 1024;

pub(super) async fn ask(target: &Target) -> Finding {
    let password = match Source::File(target.product.home.join(PASSWORD)).read() {
        Ok(password) => password,
        Err(SourceError::Unreadable { error, .. }) if error.kind() == std::io::ErrorKind::NotFound => {
            return Finding::not_asked(format!("{PASSWORD} is gone, so nobody here knows {USER}'s password"));
        }
        Err(error) => return Finding::cannot_tell(error.to_string()),
    };
    let material = match client_auth::shown(target) {
        Ok(material) => material,
        Err(finding) => return finding,
    };
    let authority = target.authority();
    let Some(body) = body(&password, &authority.domain) else {
        return Finding::cannot_tell("the login cannot be written as JSON");
    };
    let port = Port::open(target, authority.client_auth_port, Some(material.ca().clone()), Some(&material)).await;
    let port = match port {
        Ok(port) => port,
        Err(reason) => return Finding::cannot_tell(reason),
    };
    match port.post(LOGIN_PATH).header(CONTENT_TYPE, "application/json").body(body).send().await {
        Ok(answer) if answer.status() == StatusCode::OK => match answer.json::<LoginAnswer>().await {
            Ok(answer) if answer.user == USER => Finding::ok(format!("{USER} can log in at {}", answer.domain)),
            _ => Finding::failed("the answer to the login cannot be understood"),
        },
        Ok(answer) if answer.status() == StatusCode::UNAUTHORIZED => {
            Finding::failed(format!("{USER} cannot log in with the password in {PASSWORD}"))
        }
        Ok(answer) => Finding::failed(format!("the login is answered with HTTP {}", answer.status())),
        Err(error) => Finding::cannot_tell(format!("no answer to the login: {}", why(&error))),
    }
}

/// The login as JSON, in a buffer that is wiped when it was sent.
fn body(password: &Secret, domain: &str) -> Option<Body> {
    let mut login =
        LoginRequest { user: USER.to_owned(), password: password.expose().to_owned(), domain: domain.to_owned() };
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST));
    let written = serde_json::to_writer(&mut *bytes, &login);
    login.password.zeroize();
    written.ok().map(|()| hyper::body::Bytes::from_owner(bytes).into())
}
