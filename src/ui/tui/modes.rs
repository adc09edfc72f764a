//! How the terminal treats lines and keys: as it was before the wizard, so that it can be given back.

use std::io;

use rustix::termios::{
    ControlModes, InputModes, LocalModes, OptionalActions, OutputModes, SpecialCodeIndex, tcgetattr, tcsetattr,
};
use serde::{Deserialize, Serialize};

/// All that raw mode changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Modes {
    input: u32,
    output: u32,
    control: u32,
    local: u32,
    /// Bytes that a reader waits for at least, and how long.
    least: u8,
    time: u8,
}

impl Modes {
    /// As they are now, on standard input.
    pub fn present() -> io::Result<Self> {
        let terminal = tcgetattr(io::stdin())?;
        Ok(Self {
            input: terminal.input_modes.bits(),
            output: terminal.output_modes.bits(),
            control: terminal.control_modes.bits(),
            local: terminal.local_modes.bits(),
            least: terminal.special_codes[SpecialCodeIndex::VMIN],
            time: terminal.special_codes[SpecialCodeIndex::VTIME],
        })
    }

    /// Every key at once, none of them shown.
    pub fn make_raw() -> io::Result<()> {
        let mut terminal = tcgetattr(io::stdin())?;
        terminal.make_raw();
        Ok(tcsetattr(io::stdin(), OptionalActions::Now, &terminal)?)
    }

    /// Makes the terminal as it was.
    pub fn restore(self) -> io::Result<()> {
        let mut terminal = tcgetattr(io::stdin())?;
        terminal.input_modes = InputModes::from_bits_retain(self.input);
        terminal.output_modes = OutputModes::from_bits_retain(self.output);
        terminal.control_modes = ControlModes::from_bits_retain(self.control);
        terminal.local_modes = LocalModes::from_bits_retain(self.local);
        terminal.special_codes[SpecialCodeIndex::VMIN] = self.least;
        terminal.special_codes[SpecialCodeIndex::VTIME] = self.time;
        Ok(tcsetattr(io::stdin(), OptionalActions::Now, &terminal)?)
    }
}
