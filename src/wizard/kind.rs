//! What a field's value looks like: its shape, its rule, and how it is read from one line of text.

use std::net::{IpAddr, SocketAddr};
use std::path::{Component, Path};

use rustls_pki_types::ServerName;

use super::{Value, components, fields};
use crate::profile::{Variable, is_site};
use crate::registration::est::is_label;
use crate::secret::Source;
use crate::tree::suggest;

/// What a field's value looks like.
#[derive(Debug, Clone, Copy)]
pub enum FieldKind {
    /// Ids of components.
    Components,
    /// Ids of fields.
    Fields,
    /// One of a few.
    Choice(&'static [Choice]),
    /// One line of printable text.
    Text,
    /// A DNS name or an IP address.
    Host,
    /// A TCP port. Text is held too, while it is being typed, but never accepted.
    Port,
    /// An IP address of this host.
    Address,
    /// An IP address of this host with a port.
    Socket,
    /// A file's name without a folder.
    FileName,
    /// A folder; a relative one counts from the current folder.
    Path,
    /// A file; a relative one counts from the current folder.
    File,
    /// A label in the paths of an EST server, or nothing.
    Label,
    /// Nothing, or what this kind says.
    Optional(&'static FieldKind),
    /// What a site's profile asks for. Empty text is held too, until there is an answer, but never accepted.
    Variable(&'static Variable),
    /// Where a secret comes from. Which of the sources that give no value by themselves make sense here:
    SecretSource {
        /// The authority's secret.
        same: bool,
        /// A new one.
        generate: bool,
        /// The one that the estate holds already.
        keep: bool,
    },
}

/// One of the values of [`FieldKind::Choice`].
#[derive(Debug, Clone, Copy)]
pub struct Choice {
    /// Its value in the answer file.
    pub id: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// When it can be chosen.
    pub offer: Offer,
}

/// When a choice can be made. The text says why not, and reads on after the field's name.
#[derive(Debug, Clone, Copy)]
pub enum Offer {
    /// Always.
    Always,
    /// For an estate that a site's own profiles describe.
    Site(&'static str),
    /// For any other estate.
    Embedded(&'static str),
}

impl Choice {
    /// Those of a list that are shown: what cannot be chosen is not offered. Who names it in a file is told why.
    pub fn offered(choices: &'static [Self]) -> Vec<&'static Self> {
        choices.iter().filter(|choice| choice.refused().is_none()).collect()
    }

    /// Why it cannot be chosen now, if it cannot; reads on after the field's name.
    pub fn refused(&self) -> Option<&'static str> {
        match self.offer {
            Offer::Site(why) => (!is_site()).then_some(why),
            Offer::Embedded(why) => is_site().then_some(why),
            Offer::Always => None,
        }
    }
}

impl FieldKind {
    /// Whether a field of this kind can hold the value at all: its shape, and for a secret that it is a reference.
    pub fn holds(&self, value: &Value) -> Result<(), String> {
        let fits = match self {
            Self::Components | Self::Fields => matches!(value, Value::List(_)),
            Self::Port => matches!(value, Value::Number(_) | Value::Text(_)),
            Self::SecretSource { .. } => matches!(value, Value::Text(text) if text.parse::<Source>().is_ok()),
            Self::Optional(kind) => is_nothing(value) || kind.holds(value).is_ok(),
            _ => matches!(value, Value::Text(_)),
        };
        if fits { Ok(()) } else { Err(self.rule()) }
    }

    /// Whether the value keeps the kind's rule. The error never holds the value.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        self.holds(value)?;
        if let Self::Optional(kind) = self {
            return if is_nothing(value) || kind.check(value).is_ok() { Ok(()) } else { Err(self.rule()) };
        }
        match value {
            Value::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.check_item(item).map_err(|rule| format!("entry {} {rule}", at + 1))?;
                    if items[..at].contains(item) {
                        return Err(format!("entry {} stands twice", at + 1));
                    }
                }
                Ok(())
            }
            Value::Text(text) => self.check_text(text),
            Value::Number(number) => {
                if (1..=65535).contains(number) {
                    Ok(())
                } else {
                    Err(self.rule())
                }
            }
        }
    }

    /// The rule for one entry of a list.
    pub fn check_item(&self, item: &str) -> Result<(), String> {
        let known: Vec<&str> = match self {
            Self::Components => components::ids().collect(),
            Self::Fields => fields().map(|(_, field)| field.id).filter(|id| *id != "ask").collect(),
            _ => return Ok(()),
        };
        if known.contains(&item) {
            return Ok(());
        }
        let what = if matches!(self, Self::Components) { "component" } else { "field" };
        Err(match suggest::nearest(item, known.iter().copied()) {
            Some(near) => format!("is no {what}; did you mean {near}?"),
            None => format!("is no {what}: use {}", known.join(", ")),
        })
    }

    /// The rule in words; reads on after the field's name.
    pub fn rule(&self) -> String {
        match self {
            Self::Components => "must be a list of component ids".into(),
            Self::Fields => "must be a list of field ids".into(),
            Self::Choice(choices) => {
                let ids: Vec<&str> = choices.iter().filter(|choice| choice.refused().is_none()).map(|c| c.id).collect();
                format!("must be {}", ids.join(" or "))
            }
            Self::Text => "must be one line of printable text, not empty, not beginning with a dash".into(),
            Self::Host => "must be a DNS name or an IP address, without blanks".into(),
            Self::Port => "must be a whole number from 1 to 65535".into(),
            Self::Address => "must be an IP address".into(),
            Self::Socket => "must be an IP address and a port, such as 127.0.0.1:6180".into(),
            Self::FileName => "must be a file name without a folder".into(),
            Self::Path => "must be a folder, not empty and not /".into(),
            Self::File => "must be the path of a file".into(),
            Self::Label => {
                "must be empty, or letters, digits, dots, dashes and underscores, and no operation of EST".into()
            }
            Self::Optional(kind) => format!("must be empty, or {}", kind.rule().trim_start_matches("must be ")),
            Self::Variable(variable) => variable.kind.rule().into(),
            Self::SecretSource { same, generate, keep } => {
                let same = if *same { "same, " } else { "" };
                let generate = if *generate { "generate, " } else { "" };
                let keep = if *keep { "keep, " } else { "" };
                format!(
                    "must say where the secret comes from: {same}{generate}{keep}prompt, env:NAME, file:PATH, fd:N, stdin, \
                     cred:NAME or command:[\"PROGRAM\",\"ARGUMENT\"]; the secret itself never stands here"
                )
            }
        }
    }

    /// Reads a value from one line, as typed or given with `--set`; entries of a list are parted by commas. What does
    /// not look right is kept as it is, for [`FieldKind::check`] to refuse.
    pub fn parse(&self, text: &str) -> Value {
        match self {
            Self::Components | Self::Fields => {
                Value::List(text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(Into::into).collect())
            }
            Self::Port => text.trim().parse().map_or_else(|_| text.into(), Value::Number),
            Self::Text | Self::Path | Self::File | Self::Variable(_) | Self::SecretSource { .. } => text.into(),
            Self::Optional(_) if text.trim().is_empty() => "".into(),
            Self::Optional(kind) => kind.parse(text),
            Self::Label | Self::Choice(_) | Self::Host | Self::Address | Self::Socket | Self::FileName => {
                text.trim().into()
            }
        }
    }

    fn check_text(&self, text: &str) -> Result<(), String> {
        let printable = !text.trim().is_empty() && !text.contains(char::is_control);
        let right = match self {
            Self::Variable(_) if text.is_empty() => return Err("is not answered yet".into()),
            Self::Variable(variable) => match variable.kind.refuses(text) {
                Some(rule) => return Err(rule.trim_end_matches(", in quotes").into()),
                None => true,
            },
            Self::Choice(choices) => match choices.iter().find(|choice| choice.id == text) {
                Some(choice) => match choice.refused() {
                    Some(why) => return Err(why.into()),
                    None => true,
                },
                None => false,
            },
            Self::Text => printable && !text.starts_with('-'),
            Self::Host => ServerName::try_from(text).is_ok(),
            Self::Address => text.parse::<IpAddr>().is_ok(),
            Self::Socket => text.parse::<SocketAddr>().is_ok_and(|socket| socket.port() > 0),
            Self::FileName => printable && !text.contains('/') && !matches!(text, "." | ".."),
            Self::Path => printable && !is_root(Path::new(text)),
            Self::File => printable && !text.ends_with('/'),
            Self::Label => is_label(text),
            Self::SecretSource { same, generate, keep } => match text.parse() {
                Ok(Source::Same) => *same,
                Ok(Source::Generate) => *generate,
                Ok(Source::Keep) => *keep,
                other => other.is_ok(),
            },
            Self::Port | Self::Optional(_) | Self::Components | Self::Fields => false,
        };
        if right { Ok(()) } else { Err(self.rule()) }
    }
}

fn is_nothing(value: &Value) -> bool {
    matches!(value, Value::Text(text) if text.is_empty())
}

/// Whether a path is `/`, however it is written.
fn is_root(path: &Path) -> bool {
    let depth = path.components().fold(0_usize, |depth, part| match part {
        Component::Normal(_) => depth + 1,
        Component::ParentDir => depth.saturating_sub(1),
        _ => depth,
    });
    path.is_absolute() && depth == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(kind: FieldKind, text: &str) -> bool {
        kind.check(&kind.parse(text)).is_ok()
    }

    #[test]
    fn hosts_are_names_and_addresses() {
        for good in ["localhost", "passport.example.org", "passport_1", "10.0.0.1", "::1"] {
            assert!(accepts(FieldKind::Host, good), "{good}");
        }
        for bad in ["", "two words", "a..b", "-a", "http://a", "a/b", "a:6453", "1.2.3.400", "é"] {
            assert!(!accepts(FieldKind::Host, bad), "{bad}");
        }
    }

    #[test]
    fn ports_are_whole_numbers_in_range() {
        for good in ["1", "6453", " 65535 "] {
            assert!(accepts(FieldKind::Port, good), "{good}");
        }
        for bad in ["", "0", "65536", "-1", "6453.0", "https", "99999999999999999999"] {
            assert!(!accepts(FieldKind::Port, bad), "{bad}");
        }
        assert!(FieldKind::Port.check(&"6453".into()).is_err(), "a number in quotes is text");
    }

    #[test]
    fn addresses_file_names_texts_and_folders_keep_their_rules() {
        assert!(accepts(FieldKind::Address, "127.0.0.1") && accepts(FieldKind::Address, "::"));
        assert!(!accepts(FieldKind::Address, "localhost"));
        assert!(accepts(FieldKind::Socket, "127.0.0.1:6180") && accepts(FieldKind::Socket, "[::1]:1"));
        assert!(!accepts(FieldKind::Socket, "127.0.0.1") && !accepts(FieldKind::Socket, "127.0.0.1:0"));
        let optional = FieldKind::Optional(&FieldKind::Port);
        assert!(accepts(optional, " ") && accepts(optional, "7") && !accepts(optional, "x"));
        assert!(accepts(FieldKind::FileName, "csd.xml"));
        for bad in ["", ".", "..", "a/b", "/csd.xml", "a\nb"] {
            assert!(!accepts(FieldKind::FileName, bad), "{bad:?}");
        }
        assert!(accepts(FieldKind::Text, "Synchrony"));
        for bad in ["", "  ", "a\tb", "-x"] {
            assert!(!accepts(FieldKind::Text, bad), "{bad:?}");
        }
        assert!(
            accepts(FieldKind::File, "/etc/ca.pem") && !accepts(FieldKind::File, "") && !accepts(FieldKind::File, "a/")
        );
        for (label, good) in [("", true), ("b2bi-1", true), ("a/b", false), ("cacerts", false), ("..", false)] {
            assert_eq!(accepts(FieldKind::Label, label), good, "{label}");
        }
        for good in ["estate", ".", "/srv/estate", "../estate"] {
            assert!(accepts(FieldKind::Path, good), "{good}");
        }
        for bad in ["", "/", "//", "/.", "/..", "/a/..", "a\0b"] {
            assert!(!accepts(FieldKind::Path, bad), "{bad:?}");
        }
    }

    #[test]
    fn sources_are_allowed_where_they_make_sense() {
        let engine = FieldKind::SecretSource { same: true, generate: false, keep: false };
        let authority = FieldKind::SecretSource { same: false, generate: true, keep: true };
        for good in ["env:A", "file:a", "fd:3", "stdin", "cred:a", "prompt", r#"command:["a"]"#] {
            assert!(accepts(engine, good) && accepts(authority, good), "{good}");
        }
        assert!(accepts(engine, "same") && !accepts(engine, "generate"));
        assert!(!accepts(authority, "same") && accepts(authority, "generate"));
        assert!(!accepts(engine, "keep") && accepts(authority, "keep"));
    }

    #[test]
    fn an_unknown_entry_gets_a_suggestion_and_is_not_repeated() {
        let error = FieldKind::Components.check(&FieldKind::Components.parse("passport, b2bi-servr"));
        assert_eq!(error, Err("entry 2 is no component; did you mean b2bi-server?".into()));
        let error = FieldKind::Components.check(&FieldKind::Components.parse("passport,passport"));
        assert_eq!(error, Err("entry 2 stands twice".into()));
        assert!(FieldKind::Fields.check_item("ask").is_err());
    }
}
