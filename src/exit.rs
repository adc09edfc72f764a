//! Exit codes: an interface, documented in `docs/reference/exit-codes.md`.

use std::fmt::Write;
use std::process::ExitCode;

/// How a run of `countersign` ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done, or nothing to do.
    Done = 0,
    /// Failed; everything was put back.
    PutBack = 1,
    /// Wrong usage, or a terminal is needed and there is none.
    Usage = 2,
    /// Refused before anything was touched.
    Refused = 3,
    /// Places not aligned, a probe failed, or `--plan` has changes.
    Differs = 4,
    /// Something could not be read or reached in time.
    CannotTell = 5,
    /// A registration is pending at the authority.
    Pending = 6,
    /// Registration refused or failed; secret not accepted.
    NotAccepted = 7,
    /// An interrupted change was found.
    Interrupted = 8,
    /// Another run holds this estate.
    Held = 9,
    /// Putting back failed too.
    NotPutBack = 10,
}

impl Exit {
    /// Every code, in order.
    pub const ALL: [Self; 11] = [
        Self::Done,
        Self::PutBack,
        Self::Usage,
        Self::Refused,
        Self::Differs,
        Self::CannotTell,
        Self::Pending,
        Self::NotAccepted,
        Self::Interrupted,
        Self::Held,
        Self::NotPutBack,
    ];

    /// The number the shell sees.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The meaning of a number that a server's start reported.
    pub fn from_code(code: u8) -> Self {
        Self::ALL.into_iter().find(|exit| exit.code() == code).unwrap_or(Self::PutBack)
    }

    /// What it means, for the reference page.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done, or nothing to do",
            Self::PutBack => "failed; everything was put back",
            Self::Usage => "wrong usage, or a terminal is needed and there is none",
            Self::Refused => {
                "refused before anything was touched: answers, profile, input, preflight (port in use, no permission, \
                 foreign or half an estate, clocks, space)"
            }
            Self::Differs => "differs: places not aligned, a probe failed, or `--plan` has changes (4 wins over 5)",
            Self::CannotTell => "can't tell: something could not be read or reached in time",
            Self::Pending => "registration pending at the authority",
            Self::NotAccepted => {
                "`register`, and a server or engine on its own: registration refused or failed; secret not accepted"
            }
            Self::Interrupted => {
                "an interrupted change was found: changing verbs refuse; reading verbs print their result and end with 8"
            }
            Self::Held => "another run holds this estate (changing verbs only; reading verbs say so and go on)",
            Self::NotPutBack => "putting back failed too; what to do by hand is printed",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// The reference page of the exit codes.
pub fn reference() -> String {
    let mut page = String::from(
        "# Exit codes\n\nAn interface: scripts may rely on them. Generated from the code.\n\n| code | meaning |\n|---|---|\n",
    );
    for exit in Exit::ALL {
        let _ = writeln!(page, "| {} | {} |", exit.code(), exit.meaning());
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_the_documented_numbers_and_read_back() {
        for (number, exit) in (0..).zip(Exit::ALL) {
            assert_eq!(exit.code(), number);
            assert_eq!(Exit::from_code(number), exit);
        }
    }

    #[test]
    fn the_reference_page_is_fresh() {
        crate::answers::generated::assert_fresh("docs/reference/exit-codes.md", &reference());
    }
}
