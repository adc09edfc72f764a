//! Colours and marks by role: the terminal's own colours with 16 indexed ones for meaning, a twin without any, and one
//! that brings its own background for eyes that need the contrast.

use std::sync::OnceLock;

use clap::ValueEnum;
use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

/// The variable that names a theme.
pub const VARIABLE: &str = "COUNTERSIGN_THEME";

/// What was asked for on the command line; nothing where nobody did.
static WANTED: OnceLock<(Option<Theme>, bool)> = OnceLock::new();

/// A set of colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Theme {
    /// The terminal's own colours, and a few for meaning
    Terminal,
    /// No colours: weight and shape tell everything
    Mono,
    /// White on black, the strongest contrasts
    Contrast,
}

impl Theme {
    /// Its name, as it is given.
    pub fn name(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Mono => "mono",
            Self::Contrast => "contrast",
        }
    }
}

/// Settles what the command line asks for, before anything is shown: a theme, and ASCII alone.
pub fn prefer(theme: Option<Theme>, ascii: bool) {
    // Whoever asks first is the command line.
    let _ = WANTED.set((theme, ascii));
}

/// How everything looks: what each role means here, and which characters can be shown.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// What lies under everything.
    pub base: Style,
    /// Where the eye should go: the focus, the present page.
    pub accent: Style,
    /// What is wrong.
    pub danger: Style,
    /// What went well.
    pub success: Style,
    /// What can be left unread. The attribute, not grey: a grey vanishes on some backgrounds.
    pub dim: Style,
    /// Headings.
    pub strong: Style,
    /// All else.
    pub normal: Style,
    /// The characters.
    pub marks: &'static Marks,
}

/// The characters that carry meaning by their shape.
#[derive(Debug)]
pub struct Marks {
    /// A page or step that is done.
    pub done: &'static str,
    /// The page shown now.
    pub here: &'static str,
    /// A page or step still to come.
    pub todo: &'static str,
    /// Something needs attention.
    pub attention: &'static str,
    /// Left out, or nothing to say.
    pub skipped: &'static str,
    /// A step that failed.
    pub failed: &'static str,
    /// A step that was put back.
    pub undone: &'static str,
    /// The chosen one of a few.
    pub chosen: &'static str,
    /// One of a few that is not chosen.
    pub unchosen: &'static str,
    /// The bar beside what has the focus.
    pub focus: &'static str,
    /// One dot of a hidden secret.
    pub dot: &'static str,
    /// A part of a bar that is reached, and one that is not.
    pub bar: [&'static str; 2],
    /// Stands for what was cut off.
    pub ellipsis: &'static str,
    /// Parts words in one line.
    pub between: &'static str,
    /// Lines around dialogs and diffs.
    pub border: border::Set<'static>,
}

static SHAPES: Marks = Marks {
    done: "✓",
    here: "●",
    todo: "○",
    attention: "!",
    skipped: "–",
    failed: "✗",
    undone: "↩",
    chosen: "●",
    unchosen: "○",
    focus: "▌",
    dot: "•",
    bar: ["■", "□"],
    ellipsis: "…",
    between: "·",
    border: border::PLAIN,
};

static ASCII: Marks = Marks {
    done: "x",
    here: ">",
    todo: ".",
    attention: "!",
    skipped: "-",
    failed: "X",
    undone: "<",
    chosen: "(x)",
    unchosen: "( )",
    focus: "|",
    dot: "*",
    bar: ["#", "."],
    ellipsis: "~",
    between: "-",
    border: border::Set {
        top_left: "+",
        top_right: "+",
        bottom_left: "+",
        bottom_right: "+",
        vertical_left: "|",
        vertical_right: "|",
        horizontal_top: "-",
        horizontal_bottom: "-",
    },
};

/// Frames of the spinner; plain characters, so that every terminal and font has them.
const SPINNER: [&str; 4] = ["-", "\\", "|", "/"];

impl Look {
    /// In a theme, with or without characters beyond ASCII.
    pub fn new(theme: Theme, ascii: bool) -> Self {
        let marks = if ascii { &ASCII } else { &SHAPES };
        let (normal, strong) = (Style::new(), Style::new().add_modifier(Modifier::BOLD));
        let dim = normal.add_modifier(Modifier::DIM);
        match theme {
            Theme::Terminal => Self {
                base: normal,
                accent: normal.fg(Color::Cyan),
                danger: normal.fg(Color::Red),
                success: normal.fg(Color::Green),
                dim,
                strong,
                normal,
                marks,
            },
            Theme::Mono => {
                Self { base: normal, accent: strong, danger: strong, success: normal, dim, strong, normal, marks }
            }
            Theme::Contrast => Self {
                base: normal.fg(Color::White).bg(Color::Black),
                accent: strong.fg(Color::LightYellow),
                danger: strong.add_modifier(Modifier::REVERSED),
                success: strong.fg(Color::LightGreen),
                dim: normal.fg(Color::LightCyan),
                strong,
                normal,
                marks,
            },
        }
    }

    /// As the command line and the environment want it: a theme, `NO_COLOR` (<https://no-color.org>), and the character
    /// set that the locale names.
    pub fn from_environment() -> Self {
        let given = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let (asked, ascii) = WANTED.get().copied().unwrap_or_default();
        let named = || given(VARIABLE).and_then(|name| Theme::from_str(&name, true).ok());
        let uncoloured = || given("NO_COLOR").map(|_| Theme::Mono);
        let theme = asked.or_else(uncoloured).or_else(named).unwrap_or(Theme::Terminal);
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(given);
        Self::new(theme, ascii || locale.is_some_and(|locale| !names_utf8(&locale)))
    }

    /// The spinner's frame for a moment, in milliseconds.
    pub fn spinner(milliseconds: u128) -> &'static str {
        SPINNER[usize::try_from(milliseconds / 100 % 4).unwrap_or(0)]
    }
}

fn names_utf8(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_twin_without_colours_keeps_roles_apart_by_weight() {
        let look = Look::new(Theme::Mono, false);
        for style in [look.accent, look.danger, look.success, look.dim, look.strong, look.normal] {
            assert_eq!((style.fg, style.bg), (None, None));
        }
        assert_ne!(look.danger, look.normal);
        assert_ne!(look.dim, look.normal);
    }

    #[test]
    fn the_strongest_contrast_dims_nothing_and_brings_its_background() {
        let look = Look::new(Theme::Contrast, false);
        assert!(look.base.fg.is_some() && look.base.bg.is_some());
        for style in [look.accent, look.danger, look.success, look.dim, look.strong, look.normal] {
            assert!(!style.add_modifier.contains(Modifier::DIM));
        }
    }

    #[test]
    fn ascii_marks_are_ascii() {
        let marks = Look::new(Theme::Terminal, true).marks;
        for mark in [marks.done, marks.here, marks.focus, marks.dot, marks.border.top_left, marks.ellipsis] {
            assert!(mark.is_ascii());
        }
    }

    #[test]
    fn locales_name_their_character_set() {
        assert!(names_utf8("en_GB.UTF-8") && names_utf8("C.utf8"));
        assert!(!names_utf8("C") && !names_utf8("de_DE.ISO-8859-1"));
    }
}
