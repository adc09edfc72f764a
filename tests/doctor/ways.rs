//! Troubles on the way to the authority.

use std::time::{Duration, Instant};

use countersign::doctor::codes::Code;

use crate::bench::Bench;
use crate::estate::free_ports;
use crate::peers::{Other, Said, Talker, TlsServer};

pub const NAMES_AND_PORTS: [Code; 4] = [Code::NameNotResolved, Code::PortClosed, Code::WrongPort, Code::NoAnswer];
pub const STRANGERS: [Code; 4] = [Code::WrongPort, Code::TlsVersion, Code::WrongCertificate, Code::AuthorityNotReady];

#[test]
fn names_that_lead_nowhere_and_ports_where_nobody_or_somebody_else_is() {
    let mut bench = Bench::new();
    let told = |bench: &mut Bench, changes: &[(&str, String)], exit, code, verdict: &str, words: &str| {
        bench.while_recorded(changes, |bench| bench.tells("integrator", exit, code, verdict, words));
    };
    let nowhere = [("\"localhost\"", "\"no-such-host.invalid\"".to_owned())];
    told(&mut bench, &nowhere, 4, Code::NameNotResolved, "trouble", "");
    let [closed, _] = free_ports();
    let to_closed = [bench.https_port(closed)];
    told(&mut bench, &to_closed, 4, Code::PortClosed, "trouble", "refused");
    bench.while_recorded(&to_closed, |bench| {
        let text = bench.run(&["doctor"], 4);
        assert!(text.contains("integrator, interchange  localhost:"), "told once for both: {text}");
    });

    let (https, client_auth) = (bench.estate.https_port, bench.estate.client_auth_port);
    // The client-authentication port is a part of the keystore's name: with it another keystore is looked for.
    let to_client_auth = [bench.https_port(client_auth)];
    told(&mut bench, &to_client_auth, 4, Code::WrongPort, "trouble", "may be exchanged");
    let exchanged = [
        bench.https_port(0),
        (Box::leak(format!("client_auth_port = {client_auth}").into_boxed_str()) as &str, String::new()),
    ];
    let exchanged =
        [(exchanged[0].0, format!("https_port = {https}")), (exchanged[1].0, format!("client_auth_port = {https}"))];
    told(&mut bench, &exchanged, 4, Code::WrongPort, "trouble", "without a client certificate");

    let plain = Talker::new(Said::Http);
    let to_plain = [bench.https_port(plain.port)];
    told(&mut bench, &to_plain, 4, Code::WrongPort, "trouble", "HTTP/1.0 400");
    let silent = Talker::new(Said::Nothing);
    let to_silent = [bench.https_port(silent.port)];
    let begun = Instant::now();
    told(&mut bench, &to_silent, 5, Code::NoAnswer, "can't tell", "did not come in time");
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    bench.ended(&NAMES_AND_PORTS);
}

#[test]
fn other_servers_that_speak_tls_and_other_authorities() {
    let mut bench = Bench::new();
    let told = |bench: &mut Bench, port: u16, code, words: &str| {
        let port = bench.https_port(port);
        bench.while_recorded(&[port], |bench| bench.tells("integrator", 4, code, "trouble", words));
    };
    let web = TlsServer::new(&["-www"]);
    told(&mut bench, web.port, Code::WrongPort, "no PassPort answers there; it said \"HTTP/1.0 200 ok\"");
    let old = TlsServer::new(&["-tls1_2", "-www"]);
    told(&mut bench, old.port, Code::TlsVersion, "nothing newer than TLS 1.2");
    let older = TlsServer::new(&["-tls1_1", "-cipher", "ALL:@SECLEVEL=0", "-www"]);
    told(&mut bench, older.port, Code::TlsVersion, "");
    let stranger = Other::with_secret("the secret of other people");
    told(&mut bench, stranger.https_port, Code::WrongCertificate, "not the authority that was pinned");
    let empty = Other::without_secret();
    told(&mut bench, empty.https_port, Code::AuthorityNotReady, "no shared secret");
    bench.ended(&STRANGERS);
}
