//! Profiles for people.

use std::path::Path;

use serde::Serialize;

use super::WIDTH;
use super::table::Table;
use super::wrap::{plain, wrap};
use crate::estate::signs::Sign;
use crate::profile::{Place, Product, Profile, RegistrationBy, Role};

/// One known product.
#[derive(Debug, Serialize)]
pub struct Known<'a> {
    /// By what `show` and `new --base` find it.
    pub id: &'a str,
    /// The estate's file; null for a shipped profile.
    pub file: Option<&'a Path>,
    /// The product's id.
    pub product: &'a str,
    /// Its name for people.
    pub name: &'a str,
    /// Which side of the secret it is on.
    pub role: Role,
    /// Which secret it holds.
    pub secret: &'a str,
    /// Whether all of it was tried on the real product.
    pub verified: bool,
}

impl<'a> Known<'a> {
    /// What a list tells of a profile.
    pub fn new(id: &'a str, file: Option<&'a Path>, profile: &'a Profile) -> Self {
        let Product { id: product, name, role, secret, verified, .. } = &profile.product;
        Self { id, file, product, name, role: *role, secret, verified: *verified }
    }
}

/// One line a product, and its name below.
pub fn list(entries: &[Known<'_>]) -> String {
    let mut table = Table::new(["id", "role", "secret", "verified", "from"], 0);
    for known in entries {
        let from = known.file.and_then(Path::file_name).map_or("shipped".into(), |name| name.display().to_string());
        let (role, verified) = (role(known.role).to_owned(), yes_or_no(known.verified).to_owned());
        table.row_with_note([known.id.into(), role, known.secret.into(), verified, from], known.name.into());
    }
    table.text()
}

/// All that matters of one product; `signs` is what was found of it on this host, where that was looked for.
pub fn show(id: &str, file: Option<&Path>, profile: &Profile, signs: Option<&[Sign]>) -> String {
    let product = &profile.product;
    let mut text = format!("{} ({id})\n", product.name);
    text += &paragraph(&product.note, "  ");
    let from = file.map_or("shipped".to_owned(), |file| file.display().to_string());
    text += &section(
        "Product",
        &[
            ("from", from),
            ("role", role(product.role).to_owned()),
            ("home", product.home.clone()),
            ("secret", product.secret.clone()),
            ("verified", yes_or_no(product.verified).to_owned()),
        ],
    );
    if let Some(signs) = signs {
        let nothing = [("nothing", "none of the signs that [detect] names".to_owned())];
        let found: Vec<(&str, String)> = signs.iter().map(|sign| (sign.kind, sign.what.clone())).collect();
        text += &section("Found on this host", if found.is_empty() { &nothing } else { &found });
    }
    text += &section(
        "Components",
        &rows(&profile.component, |component| {
            let marks = [(component.holds_secret, "; holds the secret"), (component.process, "; has a process")];
            let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
            (&component.id, format!("{}: {}{marks}", component.name, component.about))
        }),
    );
    text += &section(
        "Groups",
        &rows(&profile.group, |group| ("all or nothing", format!("{}: {}", group.members.join(", "), group.reason))),
    );
    text += &section("Places", &rows(&profile.place, |place| (&place.component, about_place(place))));
    text += &section("Commands", &commands(profile));
    if let Some(registration) = &profile.registration {
        let by = match registration.by {
            RegistrationBy::Countersign => "driven by countersign",
            RegistrationBy::Product => "by the product itself",
        };
        let mut watched = vec![("registration", by.to_owned())];
        watched.extend(
            registration.watch.iter().map(|watch| (watch.component.as_str(), format!("watched in {}", watch.log))),
        );
        text += &section("Registration", &watched);
    }
    text += &section(
        "Probes",
        &rows(&profile.probe, |probe| (&probe.id, format!("{}, {} ms", probe.kind, probe.deadline))),
    );
    text + &section(
        "Variables",
        &rows(&profile.variable, |variable| {
            let default = variable
                .default
                .as_ref()
                .map_or("the site must say".to_owned(), |default| format!("default {default}"));
            (&variable.id, format!("{} ({default})", variable.question))
        }),
    )
}

fn about_place(place: &Place) -> String {
    let takes = format!("{} to {} of {}", place.length[0], place.length[1], place.alphabet);
    let spot = match (place.file.as_str(), place.key.as_str()) {
        ("", _) if place.write.is_empty() => "the vendor's tool only".to_owned(),
        ("", _) => place.write.join(" "),
        (file, "") => file.to_owned(),
        (file, key) => format!("{file}: {key}"),
    };
    format!("{spot}; {}; {takes}", place.form)
}

fn commands(profile: &Profile) -> Vec<(&str, String)> {
    let lifecycle = &profile.lifecycle;
    let mut commands = vec![("start", lifecycle.start()), ("stop", lifecycle.stop()), ("status", lifecycle.status())];
    commands.extend(lifecycle.reload().map(|reload| ("reload", reload)));
    if let Some(installer) = &profile.installer {
        commands.extend([
            ("install", installer.install.clone()),
            ("configure", installer.configure.clone()),
            ("uninstall", installer.uninstall.clone()),
        ]);
    }
    commands.retain(|(_, command)| !command.is_empty());
    commands.into_iter().map(|(name, command)| (name, command.join(" "))).collect()
}

fn rows<'a, T, S: AsRef<str> + ?Sized + 'a>(
    items: &'a [T],
    row: impl Fn(&'a T) -> (&'a S, String),
) -> Vec<(&'a str, String)> {
    items.iter().map(row).map(|(name, text)| (name.as_ref(), text)).collect()
}

/// A heading and rows below it, the second column wrapped; nothing without rows.
fn section(heading: &str, rows: &[(&str, String)]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default().min(WIDTH / 2);
    let mut text = format!("\n{heading}\n");
    for (name, about) in rows {
        let mut first = format!("  {name:<width$}  ");
        for line in wrap(&plain(about.clone()), WIDTH - width - 4) {
            text += &format!("{first}{line}\n");
            first = " ".repeat(width + 4);
        }
    }
    text
}

fn paragraph(text: &str, indent: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    wrap(&plain(text.to_owned()), WIDTH - indent.len()).into_iter().map(|line| format!("{indent}{line}\n")).collect()
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Authority => "authority",
        Role::Client => "client",
    }
}

fn yes_or_no(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::shipped;

    #[test]
    fn every_shipped_profile_fits_into_eighty_columns() {
        for (id, profile) in shipped::all() {
            let text = show(id, None, profile, None);
            assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
            assert!(text.contains(&profile.product.name) && text.contains("Components"), "{text}");
        }
    }

    #[test]
    fn the_list_tells_which_secret_each_holds() {
        let known: Vec<Known<'_>> = shipped::all().iter().map(|(id, profile)| Known::new(id, None, profile)).collect();
        let text = list(&known);
        assert!(known.iter().all(|known| text.contains(known.id)) && text.contains("central-governance"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
    }
}
