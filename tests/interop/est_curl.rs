//! EST with curl and openssl: every form of request, every refusal, and what an answer looks like to the byte.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign::registration::admin;
use serde_json::json;

use crate::est::Est;
use crate::fixture::{SECRET, integrator, secret};

const ENROL: &str = "/.well-known/est/simpleenroll";
const REQUEST: &str = "Content-Type: application/pkcs10";
const NEXT: &str = "another battery staple";
const RENEW: &str = "/.well-known/est/simplereenroll";

#[tokio::test]
async fn every_form_of_request_is_read_and_is_the_same_request() {
    let est = Est::ready().await;
    let names = "subjectAltName=DNS:printer.example.com,DNS:localhost,DNS:authority.countersign.internal";
    est.request("a", &["-addext", names, "-addext", "extendedKeyUsage=serverAuth"]).await;
    est.succeeds("openssl", &["req", "-in", "a.csr", "-outform", "DER", "-out", "a.der"]).await;
    let line = STANDARD.encode(est.file("a.der"));
    let wrapped = |end: &str| -> String {
        line.as_bytes().chunks(64).map(|part| format!("{}{end}", std::str::from_utf8(part).expect("text"))).collect()
    };
    est.write("line", &line);
    est.write("ended", format!("{line}\n"));
    est.write("lf", wrapped("\n"));
    est.write("crlf", wrapped("\r\n"));
    let mut first = None;
    for form in ["line", "ended", "lf", "crlf", "a.csr", "a.der"] {
        let body = format!("@{form}");
        for more in [
            &[][..],
            &["--header", "Transfer-Encoding: chunked"],
            &["--header", "Content-Transfer-Encoding: base64"],
            &["--http1.0", "--no-alpn"],
        ] {
            let answer = est.enrol("integrator", &body, more).await;
            assert_eq!(answer.status, 200, "{form} {more:?}: {answer:?}");
            assert_eq!(first.get_or_insert_with(|| answer.body.clone()), &answer.body, "{form} {more:?}");
        }
    }
    let answer = est.enrol("integrator", "@line", &["--tls-max", "1.2"]).await;
    assert_eq!(answer.header("content-type"), Some("application/pkcs7-mime; smime-type=certs-only"));
    assert_eq!(answer.header("content-transfer-encoding"), Some("base64"));
    assert_eq!(answer.header("content-length"), Some(answer.body.len().to_string().as_str()));
    assert!(answer.body.len() < 1000, "libest reads no longer line: {}", answer.body.len());
    answer.line();
    est.unpack(&answer, "a.crt").await;
    let shown = est.certificate("a.crt").await;
    assert!(shown.contains("Subject: CN = integrator/default, O = Countersign"), "{shown}");
    assert!(shown.contains("DNS:printer.example.com\n"), "its own name and no other: {shown}");
    assert!(shown.contains("TLS Web Client Authentication\n"), "no server, though Integrator listens: {shown}");
    let listed = est.authority.act(json!({ "do": "requests" })).await.expect("told");
    assert_eq!(listed["requests"].as_array().map(Vec::len), Some(1), "one request, however often it came");
    est.authority.audited("EST enrol: Registered component=integrator/2.3/B2Bi/default secret=s-").await;
}

#[tokio::test]
async fn what_is_no_request_gets_its_status_and_one_line() {
    let est = Est::ready().await;
    est.request("good", &[]).await;
    est.succeeds("openssl", &["req", "-in", "good.csr", "-outform", "DER", "-out", "good.der"]).await;
    let good = est.file("good.der");
    est.write("cut", &good[..good.len() - 10]);
    let mut forged = good.clone();
    *forged.last_mut().expect("bytes") ^= 1;
    est.write("forged", &forged);
    est.write("garbage", [0xff; 300]);
    est.write("text", "certificate=please&now=true");
    est.write("empty", "");
    est.write("other.pem", est.file("ca.pem"));
    est.write("large", vec![b'A'; 10 * 1024 * 1024]);
    est.succeeds(
        "openssl",
        &["genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024", "-out", "rsa.key"],
    )
    .await;
    est.succeeds("openssl", &["req", "-new", "-key", "rsa.key", "-subj", "/CN=weak", "-out", "weak"]).await;
    for (body, status, line) in [
        ("cut", 400, "the request is no certificate request (PKCS#10)"),
        ("forged", 400, "the request's signature does not fit its key"),
        ("weak", 400, "the request's key must be P-256, or RSA of 2048 bits or more"),
        ("garbage", 400, "the body is neither base64, PEM nor DER"),
        ("text", 400, "the body is no base64"),
        ("empty", 400, "the body is empty"),
        ("other.pem", 400, "the body's PEM is no whole CERTIFICATE REQUEST"),
        ("large", 413, "the body is longer than 65536 bytes"),
    ] {
        let answer = est.enrol("integrator", &format!("@{body}"), &[]).await;
        assert_eq!((answer.status, answer.line()), (status, line), "{body}");
    }
    let chunked = est.enrol("integrator", "@large", &["--header", "Transfer-Encoding: chunked"]).await;
    assert_eq!((chunked.status, chunked.line()), (413, "the body is longer than 65536 bytes"));
    let typed = ["--header", "Content-Type: application/json", "--data-binary", "@good.der"];
    let answer = est.curl(ENROL, Some("integrator"), &typed).await;
    assert_eq!((answer.status, answer.line()), (415, "the body's content type must be application/pkcs10"));
    for (path, status) in
        [("/.well-known/est/nothing", 404), ("/.well-known/est/nobody/cacerts", 404), (ENROL, 405), (RENEW, 405)]
    {
        assert_eq!(est.curl(path, None, &[]).await.status, status, "{path}");
    }
    assert_eq!(est.enrol("integrator", "@good.der", &[]).await.status, 200, "healthy afterwards");
}

#[tokio::test]
async fn a_wrong_secret_an_unknown_name_and_no_credentials_look_alike() {
    let est = Est::ready().await;
    est.request("a", &[]).await;
    let data = ["--header", REQUEST, "--data-binary", "@a.csr"];
    let asked = est.curl(ENROL, None, &data).await;
    let unknown = est.enrol("nobody", "@a.csr", &[]).await;
    est.write("wrong.conf", "user = \"integrator:not the secret\"\n");
    let wrong = est.curl(ENROL, None, &[&data[..], &["--config", "wrong.conf"]].concat()).await;
    for answer in [&asked, &unknown, &wrong] {
        assert_eq!((answer.status, answer.body.len()), (401, 0), "{answer:?}");
        assert_eq!(answer.header("content-length"), Some("0"));
        assert_eq!(answer.header("www-authenticate"), Some("Basic realm=\"Countersign\""));
    }
    est.authority.audited("no component is called \"nobody\"").await;
    est.authority.audited("a wrong secret for \"integrator\"").await;
    est.verb(&["property", "set", "am.registration.est.basic", "off"]).await;
    assert_eq!(est.enrol("integrator", "@a.csr", &[]).await.status, 401, "off");
    est.verb(&["property", "set", "am.registration.est.basic", "on"]).await;
    // Asked first, then answered on the same connection, as libest and BouncyCastle do.
    let asked_first = est.enrol("integrator/default", "@a.csr", &["--anyauth"]).await;
    assert_eq!(asked_first.status, 200, "{asked_first:?}");
    assert_eq!(asked_first.headers.matches("HTTP/1.1").count(), 2, "{}", asked_first.headers);
    est.verb(&["property", "set", "am.registration.unknown.components", "accept"]).await;
    assert_eq!(est.enrol("nobody", "@a.csr", &[]).await.status, 200, "taken in");
    assert_eq!(est.enrol("countersign-probe", "@a.csr", &[]).await.status, 401);
}

#[tokio::test]
async fn every_accepted_secret_counts_and_a_retired_one_no_longer() {
    let est = Est::ready().await;
    est.request("a", &[]).await;
    assert_eq!(est.enrol("integrator", "@a.csr", &[]).await.status, 200);
    let acts = &est.authority;
    let first = acts.admin(admin::current).await.expect("told").expect("a secret");
    let current = first.clone();
    let next = acts.admin(move |socket| admin::next_secret(socket, &secret(NEXT), "c-1", &current)).await.expect("set");
    est.write("next.conf", format!("user = \"integrator:{NEXT}\"\n"));
    let with_next = ["--config", "next.conf", "--header", REQUEST, "--data-binary", "@a.csr"];
    assert_eq!(est.curl(ENROL, None, &with_next).await.status, 200, "the next one counts");
    acts.audited(&format!("secret={next}")).await;
    assert_eq!(est.enrol("integrator", "@a.csr", &[]).await.status, 200, "and the current one too");
    let current = first.clone();
    acts.admin(move |socket| admin::promote(socket, "c-1", &current, None)).await.expect("promoted");
    acts.admin(|socket| admin::settle(socket, "c-1", Some(0), None)).await.expect("settled");
    acts.admin(move |socket| admin::retire_secret(socket, &first)).await.expect("retired");
    assert_eq!(est.enrol("integrator", "@a.csr", &[]).await.status, 401, "retired, though it was known a moment ago");
    assert_eq!(est.curl(ENROL, None, &with_next).await.status, 200);
}

#[tokio::test]
async fn the_ca_and_the_attributes_are_told_to_anybody() {
    let est = Est::ready().await;
    for path in ["/.well-known/est/cacerts", "/.well-known/est/integrator/cacerts"] {
        let answer = est.curl(path, None, &[]).await;
        answer.line();
        est.unpack(&answer, "got.pem").await;
        let fingerprint = async |file| est.succeeds("openssl", &["x509", "-in", file, "-noout", "-fingerprint"]).await;
        assert_eq!(fingerprint("got.pem").await, fingerprint("ca.pem").await);
    }
    let none = est.curl("/.well-known/est/csrattrs", None, &[]).await;
    assert_eq!((none.status, none.body.len()), (204, 0));
    let closed = est.curl("/.well-known/est/cacerts", None, &["--header", "Connection: close"]).await;
    assert_eq!(closed.header("connection"), Some("close"));
}

#[tokio::test]
async fn a_label_is_its_component_s() {
    let est = Est::ready().await;
    est.request("a", &[]).await;
    let data = ["--header", REQUEST, "--data-binary", "@a.csr"];
    for (label, status) in [("integrator", 200), ("interchange", 404), ("nobody", 404)] {
        let path = format!("/.well-known/est/{label}/simpleenroll");
        assert_eq!(est.curl(&path, Some("integrator"), &data).await.status, status, "{label}");
    }
}

#[tokio::test]
async fn a_certificate_is_renewed_with_itself_and_only_for_its_own_names() {
    let est = Est::ready().await;
    let names = ["-addext", "subjectAltName=DNS:a.example.com"];
    est.request("a", &names).await;
    let answer = est.enrol("integrator", "@a.csr", &[]).await;
    est.unpack(&answer, "a.crt").await;
    let mine = ["--cert", "a.crt", "--key", "a.key"];
    let renew = async |body: &str, identity: &[&str]| {
        let data = ["--header", REQUEST, "--data-binary", body];
        est.curl(RENEW, None, &[&data[..], identity].concat()).await
    };
    let same = ["-subj", "/CN=integrator\\/default/O=Countersign"];
    est.request("b", &[&same[..], &names].concat()).await;
    let answer = renew("@b.csr", &mine).await;
    est.unpack(&answer, "b.crt").await;
    let shown = est.certificate("b.crt").await;
    assert!(shown.contains("Subject: CN = integrator/default, O = Countersign"), "{shown}");
    assert!(shown.contains("DNS:a.example.com\n"), "{shown}");
    est.authority.audited("EST renew: Registered component=integrator/2.3/B2Bi/default").await;
    let listed = est.verb(&["certificate", "list", "--component", "integrator", "--json"]).await;
    let listed: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
    let [new, old] = &listed.as_array().expect("a list")[..] else { panic!("{listed}") };
    let (new, old) = if new["replaces"].is_null() { (old, new) } else { (new, old) };
    assert_eq!(new["replaces"], old["serial"], "the old one ends when the new one is used");
    est.request("c", &names).await;
    let other = renew("@c.csr", &mine).await;
    assert_eq!((other.status, other.line()), (403, "the request's subject is not that of the certificate to renew"));
    est.request("d", &[&same[..], &["-addext", "subjectAltName=DNS:d.example.com"]].concat()).await;
    let other = renew("@d.csr", &mine).await;
    let line = "the request's alternative names are not those of the certificate to renew";
    assert_eq!((other.status, other.line()), (403, line));
    assert_eq!(renew("@b.csr", &[]).await.status, 401, "nobody");
    est.write("with.conf", format!("user = \"integrator:{SECRET}\"\n"));
    assert_eq!(renew("@b.csr", &["--config", "with.conf"]).await.status, 200, "the secret does as well");
}

#[tokio::test]
async fn a_pending_request_tells_how_it_stands_and_a_refused_one_why() {
    let est = Est::ready().await;
    for property in ["am.registration.validation", "am.registration.signing"] {
        est.verb(&["property", "set", property, "manual"]).await;
    }
    est.verb(&["property", "set", "am.registration.cert.signature.wait.time", "0"]).await;
    est.request("a", &[]).await;
    let mut id = None;
    for state in ["waiting-validation", "waiting-signing"] {
        let answer = est.enrol("integrator", "@a.csr", &[]).await;
        assert_eq!((answer.status, answer.body.len()), (202, 0), "{answer:?}");
        assert_eq!(answer.header("retry-after"), Some("2"));
        assert_eq!(answer.header("content-length"), Some("0"));
        assert_eq!(answer.header("countersign-state"), Some(state));
        let told = answer.header("countersign-request").expect("an id").to_owned();
        assert_eq!(id.get_or_insert(told.clone()), &told, "the same request");
        est.verb(&["approve", &told]).await;
    }
    let answer = est.enrol("integrator", "@a.csr", &[]).await;
    est.unpack(&answer, "a.crt").await;
    est.request("b", &[]).await;
    let answer = est.enrol("integrator", "@b.csr", &[]).await;
    est.verb(&["refuse", answer.header("countersign-request").expect("an id"), "--reason", "not one of ours"]).await;
    for _ in 0..2 {
        let answer = est.enrol("integrator", "@b.csr", &[]).await;
        assert_eq!((answer.status, answer.line()), (403, "not one of ours"));
    }
    let component = est.authority.act(json!({ "do": "forget", "identity": integrator() })).await.expect("forgotten");
    assert_eq!(component["forgotten"], json!(2));
}
