//! Values of variables are written into the files of a site.

use std::collections::BTreeMap;
use std::path::PathBuf;

use toml_edit::{DocumentMut, Item, Table, value};

use crate::profile::product_id;

/// Values by product and variable.
pub type Given = BTreeMap<(String, String), String>;

/// The files with these values in them; what they do not name stays as it is, and so does a file that is no TOML.
pub fn give(texts: &[(PathBuf, String)], given: &Given) -> Vec<(PathBuf, String)> {
    let give = |(path, text): &(PathBuf, String)| {
        let product = product_id(text).unwrap_or_default();
        let of_product = given.iter().filter(|((of, _), _)| *of == product);
        let values: Vec<(&str, &str)> =
            of_product.map(|((_, variable), value)| (variable.as_str(), value.as_str())).collect();
        (path.clone(), with_values(text, &values).unwrap_or_else(|| text.clone()))
    };
    texts.iter().map(give).collect()
}

fn with_values(text: &str, values: &[(&str, &str)]) -> Option<String> {
    if values.is_empty() {
        return None;
    }
    let mut document: DocumentMut = text.parse().ok()?;
    if document.contains_key("base") {
        let table = document.entry("values").or_insert_with(|| Item::Table(Table::new())).as_table_like_mut()?;
        for (variable, text) in values {
            put(table.entry(variable).or_insert(Item::None), text);
        }
    } else {
        for table in document.get_mut("variable")?.as_array_of_tables_mut()?.iter_mut() {
            let id = table.get("id").and_then(Item::as_str).unwrap_or_default();
            if let Some((_, text)) = values.iter().find(|(variable, _)| *variable == id) {
                put(table.entry("default").or_insert(Item::None), text);
            }
        }
    }
    Some(document.to_string())
}

/// Puts a text in the place of another; blanks and comments around it stay.
fn put(item: &mut Item, text: &str) {
    let mut new = value(text);
    if let (Some(new), Some(old)) = (new.as_value_mut(), item.as_value()) {
        *new.decor_mut() = old.decor().clone();
    }
    *item = new;
}
