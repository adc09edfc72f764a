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

/// nginx with the shipped example before a site that answers with the headers that it got.
pub struct Nginx {
    pub url: String,
    child: Child,
}

impl Nginx {
    pub fn start(folder: &Path, gateway: u16) -> Self {
        let site = TcpListener::bind("127.0.0.1:0").expect("a port");
        let to = site.local_addr().expect("an address").to_string();
        std::thread::spawn(move || site.incoming().flatten().for_each(echo));
        let [port, _] = free_ports();
        let shipped = include_str!("../../installer-assets/api-gateway/nginx.conf");
        let example = shipped
            .replace("127.0.0.1:6180", &format!("127.0.0.1:{gateway}"))
            .replace("127.0.0.1:8080", &format!("127.0.0.1:{port}"))
            .replace("127.0.0.1:8081", &to);
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
        let child = command.spawn().expect("nginx");
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < PATIENCE, "nginx does not start");
        }
        Self { url: format!("http://127.0.0.1:{port}/"), child }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
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
