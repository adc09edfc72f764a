//! A web server before a site, and the site itself.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::fixture::free_ports;

/// How long anything may take.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// An answer as curl has it.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub seconds: f64,
    pub text: String,
}

/// Asks for a page, with these arguments of curl; head and body of the answer are in its text.
pub fn curl(url: &str, arguments: &[&str]) -> Answer {
    let mut command = Command::new("curl");
    command.args(["-sS", "-i", "--max-time", "50", "-w", "\n%{http_code} %{time_total}"]).args(arguments).arg(url);
    let output = command.output().expect("curl");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let (text, last) = text.rsplit_once('\n').expect("a last line");
    let (status, seconds) = last.split_once(' ').expect("two numbers");
    let (status, seconds) = (status.parse().expect("a status"), seconds.parse().expect("seconds"));
    Answer { status, seconds, text: text.to_owned() }
}

/// Asks until the answer has this status.
pub fn until(status: u16, url: &str, arguments: &[&str]) -> Answer {
    let begun = Instant::now();
    loop {
        let answer = curl(url, arguments);
        if answer.status == status {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "still no {status}: {answer:?}");
    }
}

/// A web server with the shipped example before a site that answers with the headers that it got.
pub struct Front {
    pub url: String,
    child: Child,
}

impl Front {
    pub fn nginx(folder: &Path, gateway: u16) -> Self {
        let shipped = include_str!("../../installer-assets/api-gateway/nginx.conf");
        let (port, example) = placed(shipped, "127.0.0.1:8080", "127.0.0.1", gateway);
        std::fs::write(folder.join("site.conf"), example).expect("written");
        let temporaries: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {}/{kind};\n", folder.display()))
            .concat();
        let config = format!(
            "daemon off;\nmaster_process off;\npid {0}/nginx.pid;\nerror_log {0}/error.log;\nevents {{}}\n\
             http {{\naccess_log off;\n{temporaries}include {0}/site.conf;\n}}\n",
            folder.display()
        );
        let file = folder.join("nginx.conf");
        std::fs::write(&file, config).expect("written");
        let mut command = Command::new("nginx");
        command.arg("-p").arg(folder).arg("-c").arg(&file).arg("-e").arg(folder.join("error.log"));
        Self::started(command, port)
    }

    pub fn caddy(folder: &Path, gateway: u16) -> Self {
        let shipped = include_str!("../../installer-assets/api-gateway/Caddyfile");
        let (port, example) = placed(shipped, "site.example", "http://127.0.0.1", gateway);
        let file = folder.join("Caddyfile");
        let config = format!("{{\n\tadmin off\n\tauto_https off\n\tdefault_bind 127.0.0.1\n}}\n{example}");
        std::fs::write(&file, config).expect("written");
        let log = std::fs::File::create(folder.join("caddy.log")).expect("a log");
        let mut command = Command::new("caddy");
        command.args(["run", "--adapter", "caddyfile", "--config"]).arg(&file).stderr(log);
        // What it keeps stays with the test.
        for variable in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
            command.env(variable, folder);
        }
        Self::started(command, port)
    }

    fn started(mut command: Command, port: u16) -> Self {
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}: see tests/run"));
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = child.try_wait().expect("looked");
            assert!(begun.elapsed() < PATIENCE && ended.is_none(), "{command:?} does not start");
        }
        Self { url: format!("http://127.0.0.1:{port}/"), child }
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An example that listens on a free port of ours in place of its own address, asks our gateway, and leads to a site
/// that answers with the headers that it got.
fn placed(shipped: &str, listens: &str, here: &str, gateway: u16) -> (u16, String) {
    let site = TcpListener::bind("127.0.0.1:0").expect("a port");
    let to = site.local_addr().expect("an address").to_string();
    std::thread::spawn(move || site.incoming().flatten().for_each(echo));
    let [port, _] = free_ports();
    let changes = [
        ("127.0.0.1:6180", format!("127.0.0.1:{gateway}")),
        (listens, format!("{here}:{port}")),
        ("127.0.0.1:8081", to),
    ];
    let placed = changes.iter().fold(shipped.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is not in {text}");
        text.replace(from, to)
    });
    (port, placed)
}

/// Answers one request with its own head, in lower case.
fn echo(mut stream: TcpStream) {
    let mut head = String::new();
    let mut lines = BufReader::new(stream.try_clone().expect("a stream"));
    while lines.read_line(&mut head).is_ok_and(|length| length > 2) {}
    let body = head.to_lowercase();
    let length = body.len();
    let _ = write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
}
