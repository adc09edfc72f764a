//! The program by another clock: Debian's faketime moves it, nothing else.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The program, for which the clock is moved.
pub fn at_another_time(by: &str) -> Command {
    let mut command = Command::new("faketime");
    // Only the clock on the wall: what is waited for takes as long as ever.
    command.args(["-f", by]).arg(crate::program()).env("FAKETIME_DONT_FAKE_MONOTONIC", "1").stdin(Stdio::null());
    command
}

/// By how many seconds a registration says that the clocks differ.
pub fn difference(said: &str) -> i64 {
    said.split_once("differs by ")
        .and_then(|(_, behind)| behind.split_once(" s"))
        .and_then(|(seconds, _)| seconds.parse().ok())
        .unwrap_or_else(|| panic!("no difference in {said}"))
}

/// An authority as a child of ours with another clock; until it is dropped.
pub struct Shifted(Child);

impl Shifted {
    /// Starts the one of this home, which does not run, and waits until it is ready.
    pub fn start(home: &Path, by: &str) -> Self {
        let mut child = at_another_time(by)
            .args(["passport", "serve", "--home"])
            .arg(home)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("faketime is missing: apt-get install faketime");
        let mut lines = BufReader::new(child.stderr.take().expect("its output")).lines();
        lines.next().expect("a line once it is ready").expect("readable");
        std::thread::spawn(move || lines.for_each(drop));
        Self(child)
    }

    /// Waits for its end, which somebody asked for.
    pub fn ended(mut self) {
        self.0.wait().expect("ended");
    }
}

impl Drop for Shifted {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
