//! What else may answer on a port: plain servers, OpenSSL, other authorities.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::estate::{Ended, TestEstate, ended, free_ports};

/// What a plain server says.
#[derive(Clone, Copy)]
pub enum Said {
    /// HTTP, whatever is asked.
    Http,
    /// Nothing, and it keeps the connection.
    Nothing,
}

/// A server without TLS; it lasts as long as the test.
pub struct Talker {
    pub port: u16,
}

impl Talker {
    pub fn new(said: Said) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        std::thread::spawn(move || {
            let mut kept: Vec<TcpStream> = Vec::new();
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                match said {
                    Said::Http => {
                        let _ = stream.read(&mut [0; 4096]);
                        let _ = stream.write_all(b"HTTP/1.0 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                    }
                    Said::Nothing => kept.push(stream),
                }
            }
        });
        Self { port }
    }
}

/// OpenSSL's server.
pub struct TlsServer {
    pub port: u16,
    child: Child,
    _folder: TempDir,
}

impl TlsServer {
    pub fn new(flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
        let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
        std::fs::write(&certificate, made.cert.pem()).expect("written");
        std::fs::write(&key, made.signing_key.serialize_pem()).expect("written");
        let [port, _] = free_ports();
        let mut child = Command::new("openssl")
            .args(["s_server", "-accept", &format!("127.0.0.1:{port}"), "-cert"])
            .arg(&certificate)
            .arg("-key")
            .arg(&key)
            .args(flags)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("openssl is missing: apt-get install openssl");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        assert!(lines.any(|line| line.is_ok_and(|line| line == "ACCEPT")), "it does not listen: {flags:?}");
        std::thread::spawn(move || lines.for_each(drop));
        Self { port, child, _folder: folder }
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An authority of its own, which the estate does not know.
pub struct Other {
    pub https_port: u16,
    home: PathBuf,
    folder: TempDir,
}

impl Other {
    /// Running, without a secret.
    pub fn without_secret() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let [https_port, client_auth_port] = free_ports();
        let other = Self { https_port, home: folder.path().join("passport"), folder };
        let [https, client_auth] = [https_port, client_auth_port].map(|port| port.to_string());
        other.run(&["init", "--https-port", &https, "--client-auth-port", &client_auth]);
        other.run(&["start"]);
        other
    }

    /// With this secret, and both engines known.
    pub fn with_secret(secret: &str) -> Self {
        let other = Self::without_secret();
        let file = other.folder.path().join("secret");
        countersign::fs::create(&file, secret.as_bytes(), 0o600).expect("written");
        other.run(&["secret", "set", "--from", &format!("file:{}", file.display())]);
        for component in ["integrator", "interchange"] {
            let csd = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("installer-assets/csd/{component}.xml"));
            other.run(&["component", "import", csd.to_str().expect("text")]);
        }
        other
    }

    /// With the secret that an estate's Integrator holds.
    pub fn with_secret_of(estate: &TestEstate) -> Self {
        let place = estate.path("b2bi/Integrator/conf/passport-access.properties");
        let text = std::fs::read(place).expect("the place");
        let format: countersign::forms::Format = "properties".parse().expect("a format");
        let secret = format.read(&text, "passport.shared.secret").expect("readable").expect("a secret");
        Self::with_secret(secret.expose())
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        let mut command = Command::new(crate::program());
        let ended = ended(command.arg("passport").args(arguments).arg("--home").arg(&self.home).stdin(Stdio::null()));
        assert_eq!(ended.code, 0, "{arguments:?}: {ended:#?}");
        ended
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        let mut command = Command::new(crate::program());
        let _ = command.args(["passport", "stop", "--home"]).arg(&self.home).output();
    }
}
