//! The channel binding that the authority uses is the one that OpenSSL computes: `tls-exporter` of RFC 9266.

use std::future::ready;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;

use axum::routing::get;
use axum::{Extension, Router};
use countersign::passport::audit::hex;
use countersign::passport::http::accept;
use countersign::passport::http::connection::Connection;
use countersign::registration::material::Material;
use countersign::registration::tls::{ClientAuth, server_config};
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// A server certificate of a CA of its own.
fn tls() -> Arc<ServerConfig> {
    let ca =
        CertifiedIssuer::self_signed(CertificateParams::default(), KeyPair::generate().expect("a key")).expect("a CA");
    let key = KeyPair::generate().expect("a key");
    let leaf = CertificateParams::new(["localhost".to_owned()]).expect("params").signed_by(&key, &ca).expect("signed");
    let key = rustls_pki_types::PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let material = Material { key, chain: vec![leaf.der().clone(), ca.der().clone()] };
    Arc::new(server_config(&material, ca.der(), Vec::new(), ClientAuth::Asked).expect("a configuration"))
}

async fn told(Extension(connection): Extension<Arc<Connection>>) -> String {
    let exporter = connection.exporter().map_or_else(|| "none".to_owned(), |exporter| hex(exporter));
    format!("{exporter}\n")
}

/// What OpenSSL exported, and what the server answered.
async fn ask(port: u16, version: &'static str) -> (String, String) {
    let output = tokio::task::spawn_blocking(move || {
        let mut client = Command::new("openssl")
            .args(["s_client", "-connect", &format!("127.0.0.1:{port}"), version, "-ign_eof"])
            .args(["-keymatexport", "EXPORTER-Channel-Binding", "-keymatexportlen", "32"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("openssl");
        let mut input = client.stdin.take().expect("an input");
        input.write_all(b"GET /exporter HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("asked");
        client.wait_with_output().expect("ended").stdout
    });
    let output = String::from_utf8_lossy(&output.await.expect("ended")).into_owned();
    let exported = output.lines().find_map(|line| line.trim().strip_prefix("Keying material: ")).map(str::to_lowercase);
    let body = output.split("\r\n\r\n").nth(1).map(|body| body.split_whitespace().next().unwrap_or_default());
    (exported.unwrap_or_else(|| panic!("{output}")), body.unwrap_or_else(|| panic!("{output}")).to_owned())
}

#[tokio::test]
async fn openssl_exports_the_same_value_and_another_one_on_each_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let port = listener.local_addr().expect("an address").port();
    let tls = tls();
    let (stop, stopped) = watch::channel(false);
    let router = Router::new().route("/exporter", get(told));
    let serving = tokio::spawn(accept::serve(listener, move || tls.clone(), |_| ready(()), router, stopped));
    let (exported, used) = ask(port, "-tls1_3").await;
    assert_eq!(exported.len(), 64);
    assert_eq!(exported, used);
    assert_ne!(ask(port, "-tls1_3").await.1, used);
    assert_eq!(ask(port, "-tls1_2").await.1, "none", "no binding is taken from TLS 1.2");
    stop.send(true).expect("serving");
    serving.await.expect("ended");
}
