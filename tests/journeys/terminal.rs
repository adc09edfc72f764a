//! A real pseudo-terminal with a screen model: what a person would see, and keys as a person would press them.

use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::estate::TestEstate;
use crate::walk::Screen;

const DEADLINE: Duration = Duration::from_secs(30);
/// How long what a program wrote last may take to arrive.
const LAST_WORDS: Duration = Duration::from_secs(2);

struct Shared {
    screen: Mutex<vt100::Parser>,
    /// Everything that was written, byte by byte; never longer than what the screen has taken in.
    written: Mutex<Vec<u8>>,
    changed: Condvar,
    /// Whether nobody can write any longer.
    over: AtomicBool,
}

/// A program on a terminal of its own.
pub struct Terminal {
    shared: Arc<Shared>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    /// How it treated lines and keys before the program.
    before: String,
    /// Bytes of what was written that were heard already.
    heard: usize,
}

impl Terminal {
    /// The wizard for this estate; it sees no variables but these.
    pub fn wizard(estate: &TestEstate, rows: u16, cols: u16, variables: &[(&str, &str)]) -> Self {
        let mut command = CommandBuilder::new(crate::program());
        command.args(["--estate", estate.path("").to_str().expect("UTF-8")]);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        for (name, value) in variables {
            command.env(name, value);
        }
        command.cwd(estate.folder());
        Self::start(command, rows, cols)
    }

    /// Starts a program on a terminal of this size.
    pub fn start(command: CommandBuilder, rows: u16, cols: u16) -> Self {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let before = modes(&*pair.master);
        let child = pair.slave.spawn_command(command).expect("started");
        let mut output = pair.master.try_clone_reader().expect("its output");
        let keys = pair.master.take_writer().expect("its input");
        let rows = rows.try_into().expect("rows");
        let parser = vt100::Parser::new(rows, cols.try_into().expect("columns"), 0);
        let shared = Arc::new(Shared {
            screen: Mutex::new(parser),
            written: Mutex::default(),
            changed: Condvar::new(),
            over: AtomicBool::new(false),
        });
        let feed = shared.clone();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                let Ok(mut screen) = feed.screen.lock() else { return };
                screen.process(&bytes[..count]);
                feed.written.lock().expect("the text").extend_from_slice(&bytes[..count]);
                drop(screen);
                feed.changed.notify_all();
            }
            feed.over.store(true, Ordering::SeqCst);
            feed.changed.notify_all();
        });
        Self { shared, keys, child, master: pair.master, before, heard: 0 }
    }

    /// Gives the window another size.
    pub fn resize(&self, rows: u16, cols: u16) {
        let (lines, columns) = (rows.try_into().expect("rows"), cols.try_into().expect("columns"));
        self.shared.screen.lock().expect("the screen").screen_mut().set_size(lines, columns);
        self.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).expect("resized");
    }

    /// Whether the terminal treats lines and keys as it did before the program.
    pub fn is_as_it_was(&self) -> bool {
        modes(&*self.master) == self.before
    }

    /// Whether the program still shows its own screen, and not the one that was there before.
    pub fn has_own_screen(&self) -> bool {
        self.shared.screen.lock().expect("the screen").screen().alternate_screen()
    }

    /// What the screen shows now.
    pub fn screen(&self) -> String {
        self.shared.screen.lock().expect("the screen").screen().contents()
    }

    /// Everything that was written so far.
    pub fn written(&self) -> String {
        String::from_utf8_lossy(&self.shared.written.lock().expect("the text")).into_owned()
    }

    /// Waits until a text is written, behind what was heard before; what was written up to its end.
    pub fn hear(&mut self, text: &str) -> String {
        let until = Instant::now() + DEADLINE;
        let mut screen = self.shared.screen.lock().expect("the screen");
        loop {
            let written = self.written();
            let new = &written[self.heard..];
            if let Some(at) = new.find(text) {
                let heard = new[..at + text.len()].to_owned();
                self.heard += heard.len();
                return heard;
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "\"{text}\" did not come:\n{new}");
            screen = self.shared.changed.wait_timeout(screen, left).expect("the screen").0;
        }
    }

    /// The program's process id.
    pub fn pid(&self) -> String {
        self.child.process_id().expect("a process").to_string()
    }

    /// Waits for the program's end, and for its last words unless somebody else keeps the terminal; its exit code.
    pub fn end(&mut self) -> u32 {
        let code = self.child.wait().expect("ended").exit_code();
        let screen = self.shared.screen.lock().expect("the screen");
        let is_open = |_: &mut _| !self.shared.over.load(Ordering::SeqCst);
        drop(self.shared.changed.wait_timeout_while(screen, LAST_WORDS, is_open).expect("the screen"));
        code
    }
}

fn modes(terminal: &dyn MasterPty) -> String {
    format!("{:?}", terminal.get_termios().expect("a terminal"))
}

impl Screen for Terminal {
    fn see(&mut self, text: &str) {
        let until = Instant::now() + DEADLINE;
        let mut screen = self.shared.screen.lock().expect("the screen");
        while !screen.screen().contents().contains(text) {
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "\"{text}\" did not come:\n{}", screen.screen().contents());
            screen = self.shared.changed.wait_timeout(screen, left).expect("the screen").0;
        }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("pressed");
        self.keys.flush().expect("pressed");
    }

    fn paste(&mut self, text: &str) {
        self.press(&format!("\u{1b}[200~{text}\u{1b}[201~"));
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}
