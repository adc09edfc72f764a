//! `login`: the user `system` can log in, with the password that Install left and a component's certificate.

use super::{Finding, client_auth};
use crate::registration::login::{Login, LoginError, Logins, addresses, tls};
use crate::secret::{Source, SourceError};
use crate::verify::target::Target;

const USER: &str = "system";
/// Where Install leaves the password, below the product's home.
const PASSWORD: &str = "conf/system.pass";

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
    let (host, port) = (authority.host.as_str(), authority.client_auth_port);
    let asked = async {
        let logins = Logins::open(&addresses(None, host, port).await?, port, tls(&material, None)?)?;
        logins.login(USER, &authority.domain, &password).await
    };
    match asked.await {
        Ok(Login::Known(known)) => Finding::ok(format!("{USER} can log in at {}", known.domain)),
        Ok(Login::Refused) => Finding::failed(format!("{USER} cannot log in with the password in {PASSWORD}")),
        Ok(Login::MustChange) => Finding::failed(format!("{USER} must change the password in {PASSWORD} first")),
        Err(error @ LoginError::Unreachable(_)) => Finding::cannot_tell(error.to_string()),
        Err(error) => Finding::failed(error.to_string()),
    }
}
