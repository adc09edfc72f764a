//! The terminal, line by line.

use std::io::{self, Write, stderr, stdin};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use super::{signals, text};
use crate::secret::{MAX_LENGTH, Secret};
use crate::ui::report::{WIDTH, wrap::wrap};

/// What a person said to a question.
#[derive(Debug, PartialEq, Eq)]
pub enum Reply {
    /// A line; empty for Enter alone.
    Text(String),
    /// `?`
    Help,
    /// `<`
    Back,
    /// `>`
    Pages,
    /// `q`, Ctrl-D, the terminal is gone, or a signal wants the program to end.
    Quit,
}

/// What came of asking for a secret.
pub enum Hidden {
    /// It was typed; empty for Enter alone.
    Typed(Secret),
    /// What was typed can be no secret.
    Unusable,
    /// Ctrl-C, Ctrl-D, the terminal is gone, or a signal wants the program to end.
    Quit,
}

/// Standard input and standard error. Input is read past the standard library's buffer, which is never wiped.
pub struct Console {
    /// Where replies are read from.
    input: Box<dyn AsFd>,
    /// Can be read from once a signal wants the program to end; `None` where signals end it at once.
    ending: Option<UnixStream>,
}

impl Console {
    /// Heeds signals from here on.
    pub fn new() -> Self {
        Self { input: Box::new(stdin()), ending: signals::heed().ok() }
    }

    /// Reads replies that are there already.
    #[cfg(test)]
    pub fn replying(input: impl AsFd + 'static) -> Self {
        Self { input: Box::new(input), ending: None }
    }

    /// Writes lines as they are, without control characters: what others said must not steer the terminal.
    pub fn lines(&self, lines: &str) {
        let shown: String = lines.trim_end().chars().map(harmless).collect();
        // A terminal that is gone is noticed by the next question.
        let _ = writeln!(stderr().lock(), "{shown}");
    }

    /// Writes text, broken into lines.
    pub fn text(&self, text: &str) {
        for paragraph in text.lines() {
            self.lines(&wrap(paragraph, WIDTH).join("\n"));
        }
    }

    /// Asks, and waits for the reply.
    pub fn ask(&self, question: &str) -> Reply {
        self.write(question);
        let Some(line) = self.read_line() else {
            self.lines("");
            return Reply::Quit;
        };
        match line.trim() {
            "?" => Reply::Help,
            "<" => Reply::Back,
            ">" => Reply::Pages,
            "q" => Reply::Quit,
            said => Reply::Text(said.to_owned()),
        }
    }

    /// Whether the person types `yes`; Enter is no. The error is a reply that is neither.
    pub fn agrees(&self, question: &str) -> Result<bool, Reply> {
        match self.ask(&text::yes_or_no(question)) {
            Reply::Text(said) if said == "yes" => Ok(true),
            Reply::Text(said) if said.is_empty() || said == "no" => Ok(false),
            other => Err(other),
        }
    }

    /// Asks for a secret. Nothing of it is shown.
    pub fn ask_hidden(&self, question: &str) -> Hidden {
        // Quiet before the question: who answers it at once is not shown either.
        let Ok(quiet) = Quiet::new() else { return Hidden::Quit };
        self.write(question);
        let read = self.read_secret();
        drop(quiet);
        self.lines("");
        read
    }

    /// The next byte; `None` at the end, and once a signal has come.
    fn read_byte(&self) -> Option<u8> {
        let mut byte = Zeroizing::new([0]);
        loop {
            let mut waited: Vec<PollFd<'_>> = vec![PollFd::new(&self.input, PollFlags::IN)];
            waited.extend(self.ending.as_ref().map(|ending| PollFd::new(ending, PollFlags::IN)));
            match poll(&mut waited, None) {
                Ok(_) if waited.get(1).is_some_and(|ending| !ending.revents().is_empty()) => return None,
                Ok(_) => {}
                Err(Errno::INTR) => continue,
                Err(_) => return None,
            }
            match rustix::io::read(&self.input, &mut *byte) {
                Ok(1) => return Some(byte[0]),
                Err(Errno::INTR) => {}
                _ => return None,
            }
        }
    }

    fn read_line(&self) -> Option<String> {
        let mut line = Vec::new();
        while let Some(byte) = self.read_byte() {
            if byte == b'\n' {
                return Some(String::from_utf8_lossy(&line).into_owned());
            }
            line.push(byte);
        }
        None
    }

    /// Reads keys up to Enter.
    fn read_secret(&self) -> Hidden {
        const END_OF_TEXT: u8 = 0x03;
        const END_OF_INPUT: u8 = 0x04;
        const BACKSPACE: [u8; 2] = [0x08, 0x7f];
        const EMPTY_LINE: u8 = 0x15;
        let mut typed = Zeroizing::new(Vec::with_capacity(MAX_LENGTH));
        let mut usable = true;
        while let Some(byte) = self.read_byte() {
            match byte {
                b'\r' | b'\n' => {
                    let text =
                        std::str::from_utf8(&typed).ok().filter(|text| usable && !text.contains(char::is_control));
                    return text.map_or(Hidden::Unusable, |text| Hidden::Typed(Secret::copy_of(text)));
                }
                END_OF_TEXT | END_OF_INPUT => return Hidden::Quit,
                EMPTY_LINE => {
                    typed.clear();
                    usable = true;
                }
                byte if BACKSPACE.contains(&byte) => {
                    // A character may be several bytes.
                    while typed.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {}
                }
                // The buffer never grows, so that no copy stays behind.
                _ if typed.len() == typed.capacity() => usable = false,
                byte => typed.push(byte),
            }
        }
        Hidden::Quit
    }

    fn write(&self, question: &str) {
        let shown: String = question.chars().map(harmless).collect();
        let mut out = stderr().lock();
        let _ = write!(out, "{shown}");
        let _ = out.flush();
    }
}

fn harmless(character: char) -> char {
    if character.is_control() && !matches!(character, '\n' | '\t') { ' ' } else { character }
}

/// The terminal while it shows nothing and sends no signals; dropping makes it as it was.
struct Quiet(Termios);

impl Quiet {
    fn new() -> io::Result<Self> {
        let before = tcgetattr(stdin())?;
        let mut quiet = before.clone();
        // Ctrl-C comes as a key then, so that it cannot leave the terminal without its echo.
        quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN);
        quiet.special_codes[SpecialCodeIndex::VMIN] = 1;
        quiet.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(stdin(), OptionalActions::Now, &quiet)?;
        Ok(Self(before))
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        let _ = tcsetattr(stdin(), OptionalActions::Now, &self.0);
    }
}
