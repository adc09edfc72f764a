//! The real program: an authority and both engines as processes.

use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use countersign::b2bi::{Engine, Home};
use countersign::estate::assets;
use tempfile::TempDir;

/// The secret that the authority knows.
pub const SECRET: &str = "correct-horse-battery-staple";

/// A folder with an authority that runs and a B2Bi Server as Install leaves it, without a secret.
pub struct Estate {
    dir: TempDir,
    pub home: Home,
    pub ports: (u16, u16),
}

/// How a command ended.
pub struct Ended {
    pub code: i32,
    pub text: String,
}

impl Estate {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let home = Home::new(&dir.path().join("b2bi")).expect("a home");
        let estate = Self { ports: (free_port(), free_port()), dir, home };
        let (https, client_auth) = (estate.ports.0.to_string(), estate.ports.1.to_string());
        estate.passport(&["init", "--https-port", &https, "--client-auth-port", &client_auth], "");
        estate.passport(&["start"], "");
        for engine in Engine::ALL {
            let csd = format!("{}/installer-assets/csd/{}.xml", env!("CARGO_MANIFEST_DIR"), engine.id());
            estate.passport(&["component", "import", &csd], "");
        }
        estate.passport(&["secret", "set", "--from", "stdin"], SECRET);
        estate.lay_down();
        estate
    }

    /// Folders, files and empty places, as the profile says.
    fn lay_down(&self) {
        let (profile, _) = countersign::profile::component("integrator").expect("a profile");
        for folder in &profile.folder {
            countersign::fs::create_folders(&self.home.folder().join(folder)).expect("made");
        }
        let files = profile.file.iter().map(|file| (&file.path, &file.asset));
        let places = profile.place.iter().map(|place| (&place.file, &place.template));
        for (path, asset) in files.chain(places) {
            let text = assets::text(asset)
                .expect("carried")
                .replace("{host}", "localhost")
                .replace("{https_port}", &self.ports.0.to_string())
                .replace("{client_auth_port}", &self.ports.1.to_string())
                .replace("{domain}", "Synchrony")
                .replace("{authority_kind}", "embedded")
                .replace("{authority_label}", "")
                .replace("{authority_certificate}", "");
            countersign::fs::create(&self.home.folder().join(path), text.as_bytes(), 0o600).expect("laid down");
        }
    }

    /// Writes a secret into an engine's place.
    pub fn give_secret(&self, engine: Engine, secret: &str) {
        let path = self.home.place(engine);
        let text = std::fs::read(&path).expect("read");
        let place = engine.place();
        let secret = countersign::secret::Secret::new(secret.to_owned());
        let text = place.form().expect("known").write(&text, place.key, &secret).expect("written");
        countersign::fs::replace(&path, &text, 0o600).expect("written");
    }

    /// Gives both engines the authority's secret.
    pub fn give_secrets(&self) {
        for engine in Engine::ALL {
            self.give_secret(engine, SECRET);
        }
    }

    /// Runs an authority's verb, which must succeed, and returns what it printed.
    pub fn passport(&self, arguments: &[&str], input: &str) -> String {
        let ended = run(&[&["passport", "--home", &self.path("passport")], arguments].concat(), input);
        assert_eq!(ended.code, 0, "passport {arguments:?}: {}", ended.text);
        ended.text
    }

    /// Runs an engines' verb.
    pub fn b2bi(&self, verb: &str, arguments: &[&str]) -> Ended {
        run(&[&["b2bi", verb, "--home", &self.path("b2bi")], arguments].concat(), "")
    }

    pub fn log(&self, engine: Engine) -> String {
        std::fs::read_to_string(self.home.log(engine)).unwrap_or_default()
    }

    fn path(&self, name: &str) -> String {
        self.dir.path().join(name).display().to_string()
    }
}

impl Drop for Estate {
    fn drop(&mut self) {
        self.b2bi("stop", &[]);
        run(&["passport", "--home", &self.path("passport"), "stop"], "");
    }
}

fn run(arguments: &[&str], input: &str) -> Ended {
    let mut child = Command::new(PathBuf::from(env!("CARGO_BIN_EXE_countersign")))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("written");
    let Output { status, stdout, stderr } = child.wait_with_output().expect("ended");
    let text = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    Ended { code: status.code().unwrap_or(-1), text }
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}
