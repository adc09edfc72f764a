//! Where a secret comes from. One that is typed is asked twice and never shown.

use super::console::{Hidden, Reply};
use super::question::{Turn, numbered};
use super::{Wizard, text};
use crate::secret::{Source, strength};
use crate::ui::session::giving::{Way, readable, refused};
use crate::ui::words;
use crate::wizard::Field;

/// Asks for the way, and for what it needs.
pub fn ask(wizard: &mut Wizard, field: &'static Field) -> Turn {
    loop {
        let ways = Way::of(field, &wizard.answers);
        let present = wizard.answers.source(field.id);
        let number = write(wizard, field, &ways, &present);
        let told = match wizard.console.ask(&text::line(text::NUMBER, &number)) {
            Reply::Text(said) if said.is_empty() => match wizard.keep(field) {
                Err(_) if present == Source::Prompt => choose(wizard, field, Way::Type),
                kept => kept.map(|()| Turn::Next),
            },
            Reply::Text(said) => match numbered(&ways, &said) {
                Some(way) => choose(wizard, field, *way),
                None => named(wizard, field, &ways, &said),
            },
            other => {
                if let Some(turn) = wizard.other(field, &other) {
                    return turn;
                }
                wizard.console.text(text::WAYS);
                continue;
            }
        };
        match told {
            Ok(turn) => return turn,
            Err(rule) => wizard.console.text(&text::broken(field, &rule)),
        }
    }
}

/// Writes the ways; the number of the present one.
fn write(wizard: &Wizard, field: &Field, ways: &[Way], present: &Source) -> String {
    wizard.console.lines(&text::heading(field.label));
    let keeps = wizard.answers.source("secret.from") == Source::Keep;
    let mut number = String::new();
    for (at, way) in ways.iter().enumerate() {
        let is_present = *way == Way::to(present);
        let about = match (is_present, present) {
            (true, Source::Prompt) if wizard.typed.get(field.id).is_some() => text::TYPED.to_owned(),
            (true, present) if *way == Way::Read => present.to_string(),
            _ => words::about_way(*way).to_owned(),
        };
        wizard.console.lines(&text::numbered(at + 1, &format!("{}: {about}", words::way(*way, keeps))));
        if is_present {
            number = (at + 1).to_string();
        }
    }
    number
}

/// A way by its number.
fn choose(wizard: &mut Wizard, field: &Field, way: Way) -> Result<Turn, String> {
    match way {
        Way::Keep => give(wizard, field, &Source::Keep),
        Way::Same => give(wizard, field, &Source::Same),
        Way::Generate => give(wizard, field, &Source::Generate),
        Way::Type => typed(wizard, field),
        Way::Read => {
            wizard.console.text(words::REFERENCES);
            match wizard.console.ask(&format!("{}: ", words::READ_FROM)) {
                Reply::Text(said) => {
                    give(wizard, field, &readable(&said).ok_or_else(|| words::NO_REFERENCE.to_owned())?)
                }
                Reply::Help | Reply::Back | Reply::Pages => Err(words::NO_REFERENCE.to_owned()),
                Reply::Quit => Ok(Turn::Quit),
            }
        }
    }
}

/// A way by its source's own word. What was typed may be a secret by mistake, and is not repeated.
fn named(wizard: &mut Wizard, field: &Field, ways: &[Way], said: &str) -> Result<Turn, String> {
    let way = said.parse().ok().map(|source| Way::to(&source)).filter(|way| ways.contains(way));
    match way {
        Some(Way::Read) => give(wizard, field, &readable(said).ok_or_else(|| words::NO_REFERENCE.to_owned())?),
        Some(way) => choose(wizard, field, way),
        None => Err(words::NO_REFERENCE.to_owned()),
    }
}

fn give(wizard: &mut Wizard, field: &Field, source: &Source) -> Result<Turn, String> {
    wizard.take(field, source.to_string().as_str().into())?;
    wizard.typed.take_away(field.id);
    Ok(Turn::Next)
}

/// Twice, alike, and of characters that every place takes.
fn typed(wizard: &mut Wizard, field: &Field) -> Result<Turn, String> {
    let secret = match wizard.console.ask_hidden(&format!("{}: ", words::SECRET)) {
        Hidden::Typed(secret) if secret.is_empty() => return Err(words::NOT_TYPED.to_owned()),
        Hidden::Typed(secret) => secret,
        Hidden::Unusable => return Err(text::UNUSABLE.to_owned()),
        Hidden::Quit => return Ok(Turn::Quit),
    };
    if let Some(rule) = refused(field, &secret, &wizard.answers) {
        return Err(rule);
    }
    let (verdict, reason) = strength(secret.expose());
    wizard.console.lines(&text::strength(verdict.word(), reason));
    match wizard.console.ask_hidden(&format!("{}: ", words::AGAIN)) {
        Hidden::Typed(again) if again.same_as(&secret) => {}
        Hidden::Typed(_) | Hidden::Unusable => return Err(words::NOT_THE_SAME.to_owned()),
        Hidden::Quit => return Ok(Turn::Quit),
    }
    wizard.take(field, Source::Prompt.to_string().as_str().into())?;
    wizard.typed.put(field.id, secret);
    Ok(Turn::Next)
}
