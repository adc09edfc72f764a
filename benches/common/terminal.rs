//! A program on a terminal, its keys pressed and its answers timed.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// After so long without a byte a frame is whole.
const QUIET: Duration = Duration::from_millis(30);
const DEADLINE: Duration = Duration::from_mins(1);

/// A program on a terminal of 120 columns and 40 rows.
pub struct Terminal {
    screen: vt100::Parser,
    output: Receiver<(Instant, Vec<u8>)>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    /// Starts a program there.
    pub fn start(command: &CommandBuilder) -> Self {
        let (rows, cols) = (40, 120);
        let pair = native_pty_system().openpty(PtySize { rows, cols, ..PtySize::default() }).expect("a terminal");
        let mut command = command.clone();
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        let child = pair.slave.spawn_command(command).expect("started");
        let mut reader = pair.master.try_clone_reader().expect("its output");
        let keys = pair.master.take_writer().expect("its input");
        let (to, output) = channel();
        let sized = |size: u16| size.try_into().expect("a size");
        let screen = vt100::Parser::new(sized(rows), sized(cols), 0);
        std::thread::spawn(move || {
            let mut bytes = vec![0; 65536];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if to.send((Instant::now(), bytes[..count].to_vec())).is_err() {
                    return;
                }
            }
        });
        Self { screen, output, keys, child, _master: pair.master }
    }

    fn shows(&self, words: &str) -> bool {
        self.screen.screen().contents().contains(words)
    }

    /// Waits until the screen shows these words.
    pub fn wait_for(&mut self, words: &str) {
        while !self.shows(words) {
            let Ok((_, bytes)) = self.output.recv_timeout(DEADLINE) else {
                panic!("{words:?} never came:\n{}", self.screen.screen().contents())
            };
            self.screen.process(&bytes);
        }
    }

    /// Goes on until the list of pages points at this one.
    pub fn walk_to(&mut self, page: &str) {
        let points = |line: &str| line.starts_with(" ●") && line.contains(page);
        while !self.screen.screen().contents().lines().any(points) {
            self.answers(b"\r");
        }
    }

    /// Takes the defaults up to the last page before the consent, and waits for the plan there.
    pub fn walk_to_review(&mut self) {
        self.wait_for("asks everything first");
        self.walk_to("Review");
        self.wait_for("registrations");
    }

    fn press(&mut self, key: &[u8]) {
        self.keys.write_all(key).expect("pressed");
        self.keys.flush().expect("pressed");
    }

    /// Waits until nothing more comes; when the last of it came.
    fn rests(&mut self) -> Option<Instant> {
        let mut last = None;
        while let Ok((at, bytes)) = self.output.recv_timeout(QUIET) {
            self.screen.process(&bytes);
            last = Some(at);
        }
        last
    }

    /// How long a key takes to be answered.
    pub fn answers(&mut self, key: &[u8]) -> Duration {
        let began = Instant::now();
        self.press(key);
        let (at, bytes) = self.output.recv_timeout(DEADLINE).expect("a frame");
        self.screen.process(&bytes);
        self.rests().unwrap_or(at) - began
    }

    /// Its number.
    pub fn process(&self) -> u32 {
        self.child.process_id().expect("a process")
    }

    /// Leaves with Ctrl-C and waits for the end.
    pub fn leave(mut self) {
        self.press(b"\x03");
        self.child.wait().expect("it ended");
    }

    /// Ends it at once.
    pub fn end(mut self) {
        self.child.kill().expect("it ends");
        self.child.wait().expect("it ended");
    }
}
