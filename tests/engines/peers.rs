//! Whom the integration engine takes documents from, and whom the trading engine sends them to.

use std::io;

use countersign::b2bi::documents::Name;
use countersign::b2bi::exchange::{Answer, Client};
use countersign::b2bi::sha256;
use countersign::registration::tls::{Trust, client_config};
use rustls_pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::bench::{Bench, Ca, server_name};

async fn send(client: &mut Client, content: &[u8]) -> io::Result<Answer> {
    client.send(&Name::parse("copy-1.json").expect("a name"), &sha256(content), content).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_registered_trading_engine_is_let_in() {
    let bench = Bench::with_maps(&[("copy", ".")]).await;
    let _integrator = bench.integrator("integrator").await;
    for material in [bench.ca.component("integrator"), Ca::new().component("interchange")] {
        // A chain that does not belong to the leaf would be pinned as the server's CA: give it the right one.
        let mut material = material;
        let last = material.chain.len() - 1;
        material.chain[last] = bench.ca.component("x").ca().clone();
        send(&mut bench.client(&material), b"1").await.expect_err("refused");
        assert!(!bench.home.outbox().join("copy-1.json").exists());
    }
    let mut right = bench.client(&bench.ca.component("interchange"));
    let accepted = Answer::Accepted { map: "copy".into(), version: 1, again: false };
    assert_eq!(send(&mut right, b"1").await.expect("sent"), accepted);
    // Documents follow each other on one connection.
    assert_eq!(send(&mut right, b"2").await.expect("sent"), accepted);
    right.close().await;
    let log = bench.log_text();
    assert!(log.contains("the client's certificate is for integrator/default, not for interchange/default"), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_without_a_certificate_is_refused() {
    let bench = Bench::with_maps(&[("copy", ".")]).await;
    let _integrator = bench.integrator("integrator").await;
    let address = std::fs::read_to_string(bench.home.endpoint()).expect("an endpoint");
    let ca = bench.ca.component("x").ca().clone();
    for alpn in [&b"countersign-documents/1"[..], b"http/1.1"] {
        let mut config = client_config(Trust::Pinned(ca.clone()), None).expect("a configuration");
        config.alpn_protocols = vec![alpn.to_vec()];
        let name = ServerName::try_from(server_name("integrator")).expect("a name");
        let stream = TcpStream::connect(&address).await.expect("connected");
        // In TLS 1.3 the client is done first: the refusal comes with the first read.
        let refused = async {
            let mut stream = TlsConnector::from(std::sync::Arc::new(config)).connect(name, stream).await?;
            stream.write_all(&[0, 0, 0, 2]).await?;
            stream.read_u8().await
        };
        refused.await.expect_err("refused");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_go_to_the_registered_integration_engine_only() {
    let bench = Bench::with_maps(&[("copy", ".")]).await;
    // Of the right CA, but another component.
    let impostor = bench.integrator("interchange").await;
    let mut client = bench.client(&bench.ca.component("interchange"));
    assert_eq!(send(&mut client, b"1").await.expect_err("refused").kind(), io::ErrorKind::InvalidData);
    impostor.abort();
    // An address elsewhere than here is not even tried.
    std::fs::write(bench.home.endpoint(), "192.0.2.1:7000").expect("written");
    assert!(send(&mut client, b"1").await.expect_err("refused").to_string().contains("loopback"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_document_is_not_taken() {
    let bench = Bench::with_maps(&[("copy", ".")]).await;
    let _integrator = bench.integrator("integrator").await;
    let mut client = bench.client(&bench.ca.component("interchange"));
    let name = Name::parse("copy-1.json").expect("a name");
    client.send(&name, &"0".repeat(64), b"1").await.expect_err("refused");
    assert!(!bench.home.outbox().join("copy-1.json").exists());
}
