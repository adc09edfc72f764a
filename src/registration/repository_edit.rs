//! Changing `repositories.toml` as a text: comments, order and everything else stay as they are. The text holds secrets.

use toml_edit::{DocumentMut, Item, Table};
use zeroize::Zeroizing;

use super::connection::Connection;
use super::repository::{FORMAT, Repository, secret_key};
use crate::forms::Format;
use crate::secret::Secret;

const ALL: &str = "repositories";

/// A text without repositories, for an authority.
pub fn empty(authority: &Connection) -> String {
    let table = toml::to_string(authority).unwrap_or_default();
    format!(
        "# How API Gateway reaches its authorities, one table a repository. What a repository does not give comes from\n\
         # [authority]. This file holds secrets.\n\
         format = {FORMAT}\n\n[authority]\n{table}"
    )
}

/// The text with one repository more, which holds this secret.
///
/// # Errors
/// There is one of this name, the text cannot be changed, or the secret cannot stand in it; reads on after the file's
/// name and shows no part of it.
pub fn with(text: &str, name: &str, repository: &Repository, secret: &Secret) -> Result<Zeroizing<String>, String> {
    let mut table = described(repository)?;
    table.insert("secret", toml_edit::value(""));
    holding(&with_table(text, name, table)?, name, secret)
}

/// What is set of a repository, as its table has it; without a secret.
///
/// # Errors
/// It cannot be written.
pub fn described(repository: &Repository) -> Result<Table, String> {
    let described = toml::to_string(repository).map_err(|_| unwritable())?;
    let described: DocumentMut = described.parse().map_err(|_| unwritable())?;
    let mut table: Table = described.as_table().clone();
    // Inline or dotted ways of writing may have left a position of another document.
    table.set_position(None);
    Ok(table)
}

/// The text with one repository's table more.
///
/// # Errors
/// As those of [`with`].
pub fn with_table(text: &str, name: &str, table: Table) -> Result<Zeroizing<String>, String> {
    let mut document = parsed(text)?;
    let all = all(&mut document)?;
    if all.contains_key(name) {
        return Err(format!("has a repository {name:?} already"));
    }
    all.insert(name, Item::Table(table));
    Ok(Zeroizing::new(document.to_string()))
}

/// The text without this repository.
pub fn without(text: &str, name: &str) -> Result<Zeroizing<String>, String> {
    let mut document = parsed(text)?;
    match all(&mut document)?.remove(name) {
        Some(_) => Ok(Zeroizing::new(document.to_string())),
        None => Err(unknown(name)),
    }
}

/// The text with a repository under another name.
pub fn renamed(text: &str, old: &str, new: &str) -> Result<Zeroizing<String>, String> {
    let mut document = parsed(text)?;
    let all = all(&mut document)?;
    if all.contains_key(new) {
        return Err(format!("has a repository {new:?} already"));
    }
    let repository = all.remove(old).ok_or_else(|| unknown(old))?;
    all.insert(new, repository);
    Ok(Zeroizing::new(document.to_string()))
}

/// The text with this secret in a repository's place.
fn holding(text: &str, name: &str, secret: &Secret) -> Result<Zeroizing<String>, String> {
    let written = Format::Toml.write(text.as_bytes(), &secret_key(name), secret).map_err(|error| error.to_string())?;
    std::str::from_utf8(&written).map(|text| Zeroizing::new(text.to_owned())).map_err(|_| unwritable())
}

fn parsed(text: &str) -> Result<DocumentMut, String> {
    // The parser's own message would show the line.
    text.parse().map_err(|_| "is not well-formed".to_owned())
}

fn all(document: &mut DocumentMut) -> Result<&mut Table, String> {
    let implicit = || {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    };
    let item = document.entry(ALL).or_insert_with(implicit);
    item.as_table_mut().ok_or_else(|| "does not write its repositories as tables".to_owned())
}

fn unknown(name: &str) -> String {
    format!("has no repository {name:?}")
}

fn unwritable() -> String {
    "cannot hold this repository".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keystore::Kind;

    fn connection() -> Connection {
        Connection { host: "localhost".into(), https_port: 6453, client_auth_port: 6666, domain: "Synchrony".into() }
    }

    fn secret() -> Secret {
        Secret::new("correct \"horse\" \\battery".into())
    }

    #[test]
    fn what_is_added_reads_back_and_what_stood_there_stays() {
        let before = format!("{}# kept\n[repositories.first]\nsecret = 'x' # too\n", empty(&connection()));
        let repository = Repository {
            host: Some("passport-host".into()),
            address: "127.0.0.1".parse().ok(),
            client_auth_port: Some(7666),
            keystore: Kind::Pkcs12,
            ..Repository::default()
        };
        let name = "PassPort / local.\"1\"";
        let after = with(&before, name, &repository, &secret()).expect("added");
        assert!(after.starts_with(&before), "{}", *after);
        let read: crate::registration::repository::Repositories = toml::from_str(&after).expect("read");
        assert_eq!(read.repositories[name], repository);
        let held = Format::Toml.read(after.as_bytes(), &secret_key(name)).expect("read").expect("there");
        assert!(held.same_as(&secret()));
        assert!(with(&after, name, &repository, &secret()).expect_err("twice").contains("already"));

        let moved = renamed(&after, name, "other").expect("renamed");
        assert!(moved.contains("[repositories.other]") && renamed(&moved, name, "x").is_err());
        assert!(renamed(&moved, "other", "first").is_err());
        assert_eq!(*without(&moved, "other").expect("removed"), before);
    }
}
