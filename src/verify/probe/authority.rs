//! The authority's ports over HTTPS, under the one name that our clients verify.

use std::error::Error;
use std::net::SocketAddr;

use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use rustls_pki_types::CertificateDer;

use crate::registration::material::Material;
use crate::registration::tls::{Trust, client_config};
use crate::registration::wire::AUTHORITY_NAME;
use crate::verify::target::Target;

/// One of the authority's ports.
pub(super) struct Port {
    client: Client,
    port: u16,
}

impl Port {
    /// Makes ready to ask; nothing is sent yet. The error is one line for people.
    pub(super) async fn open(
        target: &Target,
        port: u16,
        ca: Option<CertificateDer<'static>>,
        identity: Option<&Material>,
    ) -> Result<Self, String> {
        let host = target.authority().host.as_str();
        let addresses: Vec<SocketAddr> = tokio::net::lookup_host((host, port))
            .await
            .map_err(|error| format!("the host {host} is not known: {error}"))?
            .collect();
        let trust = ca.map_or(Trust::Unpinned, Trust::Pinned);
        let config = client_config(trust, identity).map_err(|error| why(&error))?;
        let client = Client::builder()
            .tls_backend_preconfigured(config)
            .resolve_to_addrs(AUTHORITY_NAME, &addresses)
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| why(&error))?;
        Ok(Self { client, port })
    }

    /// A GET of this path.
    pub(super) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path))
    }

    fn url(&self, path: &str) -> String {
        format!("https://{AUTHORITY_NAME}:{}{path}", self.port)
    }
}

/// The innermost reason of an error: the outer ones only repeat the address.
pub(super) fn why(error: &dyn Error) -> String {
    let mut reason = error;
    while let Some(inner) = reason.source() {
        reason = inner;
    }
    reason.to_string()
}
