//! EST with strongSwan's `pki`, which reads one style of answers only.

use crate::est::Est;
use crate::fixture::SECRET;

impl Est {
    /// A key and a request for it by strongSwan alone.
    async fn pki_request(&self, name: &str, dn: &str, more: &[&str]) {
        let key = self.succeeds("pki", &["--gen", "--type", "ecdsa", "--size", "256"]).await;
        self.write(&format!("{name}.key"), key);
        let key = format!("{name}.key");
        let arguments = ["--req", "--type", "ecdsa", "--in", &key, "--dn", dn];
        let request = self.succeeds("pki", &[&arguments[..], more].concat()).await;
        self.write(&format!("{name}.csr"), request);
    }

    /// Enrols with `pki --est`; the user and the secret stand in a file. Its exit code, what it wrote and said.
    async fn pki_est(
        &self,
        request: &str,
        user: Option<(&str, &str)>,
        more: &[&str],
    ) -> (Option<i32>, Vec<u8>, String) {
        let url = self.url("");
        let mut arguments = vec!["--est", "--url", &url, "--cacert", "ca.pem", "--in", request];
        if let Some((name, secret)) = user {
            self.write("est.options", format!("--userpass '{name}:{secret}'\n"));
            arguments.extend(["--options", "est.options"]);
        }
        arguments.extend(more);
        let output = self.run("pki", &arguments).await;
        (output.status.code(), output.stdout, String::from_utf8_lossy(&output.stderr).into_owned())
    }

    async fn keep(&self, (code, certificate, said): (Option<i32>, Vec<u8>, String), file: &str) -> String {
        assert_eq!(code, Some(0), "{said}");
        self.write("der", certificate);
        self.succeeds("openssl", &["x509", "-inform", "DER", "-in", "der", "-out", file]).await;
        self.certificate(file).await
    }
}

#[tokio::test]
async fn strongswan_gets_the_ca_enrols_and_renews() {
    let est = Est::ready().await;
    let url = est.url("");
    est.succeeds(
        "pki",
        &["--estca", "--url", &url, "--cacert", "ca.pem", "--caout", "got", "--outform", "pem", "--force"],
    )
    .await;
    let got = std::fs::read_dir(est.path("")).expect("listed").map(|file| file.expect("there").file_name());
    let got: Vec<_> = got.filter(|name| name.to_string_lossy().starts_with("got")).collect();
    assert_eq!(got.len(), 1, "{got:?}");
    let fingerprint =
        async |file: &str| est.succeeds("openssl", &["x509", "-in", file, "-noout", "-fingerprint"]).await;
    assert_eq!(fingerprint(got[0].to_str().expect("text")).await, fingerprint("ca.pem").await);

    est.pki_request("a", "CN=printer", &["--san", "printer.example.com"]).await;
    let enrolled = est.pki_est("a.csr", Some(("integrator", SECRET)), &[]).await;
    let shown = est.keep(enrolled, "a.crt").await;
    assert!(shown.contains("Subject: CN = integrator/default, O = Countersign"), "{shown}");
    assert!(shown.contains("DNS:printer.example.com\n") && shown.contains("Client Authentication\n"), "{shown}");

    let dn = "CN=integrator/default, O=Countersign";
    est.pki_request("b", dn, &["--san", "printer.example.com"]).await;
    let renewed = est.pki_est("b.csr", None, &["--cert", "a.crt", "--key", "a.key"]).await;
    let shown = est.keep(renewed, "b.crt").await;
    assert!(shown.contains("DNS:printer.example.com\n"), "{shown}");
    est.authority.audited("EST renew: Registered").await;
}

#[tokio::test]
async fn strongswan_is_told_of_a_wrong_secret_and_of_a_refusal() {
    let est = Est::ready().await;
    est.pki_request("a", "CN=printer", &[]).await;
    let (code, written, said) = est.pki_est("a.csr", Some(("integrator", "not the secret")), &[]).await;
    assert_ne!(code, Some(0), "{said}");
    assert!(written.is_empty() && said.contains("401"), "{said}");
    est.authority.audited("a wrong secret for \"integrator\"").await;
}

#[tokio::test]
async fn strongswan_polls_a_pending_request_to_its_end() {
    let est = Est::ready().await;
    est.verb(&["property", "set", "am.registration.signing", "manual"]).await;
    est.verb(&["property", "set", "am.registration.cert.signature.wait.time", "0"]).await;
    est.pki_request("a", "CN=printer", &[]).await;
    let approve = async {
        est.authority.audited("EST enrol: Waiting Signing").await;
        let listed = est.verb(&["requests", "--json"]).await;
        let listed: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
        est.verb(&["approve", listed[0]["id"].as_str().expect("an id")]).await;
    };
    let polling = ["--interval", "1", "--maxpolltime", "60"];
    let (enrolled, ()) = tokio::join!(est.pki_est("a.csr", Some(("integrator", SECRET)), &polling), approve);
    est.keep(enrolled, "a.crt").await;
    let listed: serde_json::Value = serde_json::from_str(&est.verb(&["requests", "--json"]).await).expect("JSON");
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "one request, however often it asked");
}
