//! A real tmux: a terminal that keeps what has left the screen.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::estate::{Ended, tool};
use crate::walk::Screen;

const DEADLINE: Duration = Duration::from_secs(30);

/// A server with one pane of 80 columns and 24 rows, in which a shell runs.
pub struct Tmux {
    folder: TempDir,
    /// One message for each piece of output.
    output: Receiver<()>,
}

impl Tmux {
    /// Starts the server and its shell.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let fifo = folder.path().join("output");
        assert!(Command::new("mkfifo").arg(&fifo).status().expect("mkfifo").success());
        let (tell, output) = channel();
        let tmux = Self { folder, output };
        tmux.say(&["-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", "env", "-i", "TERM=screen", "sh"]);
        // Open for both, so that the opening does not wait for the other side.
        let mut pipe = File::options().read(true).write(true).custom_flags(0).open(&fifo).expect("opened");
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(1..) = pipe.read(&mut bytes) {
                if tell.send(()).is_err() {
                    return;
                }
            }
        });
        tmux.say(&["pipe-pane", "-O", &format!("cat > {}", fifo.display())]);
        tmux
    }

    /// All that the terminal keeps: the screen, and every line that has left it.
    pub fn history(&self) -> String {
        self.say(&["capture-pane", "-p", "-J", "-S", "-", "-E", "-"]).stdout
    }

    /// Says a command to the server.
    fn say(&self, command: &[&str]) -> Ended {
        let socket = self.folder.path().join("socket");
        let ended = tool("tmux", "tmux", &[&["-S", socket.to_str().expect("UTF-8")], command].concat());
        assert_eq!(ended.code, 0, "{command:?}: {}", ended.stderr);
        ended
    }
}

impl Screen for Tmux {
    fn see(&mut self, text: &str) {
        let until = Instant::now() + DEADLINE;
        loop {
            let screen = self.say(&["capture-pane", "-p"]).stdout;
            if screen.contains(text) {
                return;
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(self.output.recv_timeout(left).is_ok(), "\"{text}\" did not come:\n{screen}");
        }
    }

    fn press(&mut self, keys: &str) {
        let codes: Vec<String> = keys.chars().map(|key| format!("{:x}", u32::from(key))).collect();
        let mut command = vec!["send-keys", "-H"];
        command.extend(codes.iter().map(String::as_str));
        self.say(&command);
    }

    fn paste(&mut self, text: &str) {
        self.say(&["set-buffer", text]);
        self.say(&["paste-buffer", "-p", "-d"]);
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        let socket = self.folder.path().join("socket");
        let _ = Command::new("tmux").arg("-S").arg(socket).arg("kill-server").status();
    }
}
