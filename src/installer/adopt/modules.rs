//! Modules: the parts of a product that its installer can be told to work on.

use super::known::KNOWN;
use crate::installer::silent::{Tree, Variable};

/// A module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// Its variable.
    pub variable: String,
    /// The product whose file it stands in; empty for the master.
    pub product: String,
    /// What people know it by, its variable first.
    pub names: Vec<String>,
    /// The row that selects it, and the value that does; `None` where the files do not tell.
    pub select: Option<(String, String)>,
}

/// Every module, in the tree's order.
pub(super) fn modules(tree: &Tree) -> Vec<Module> {
    let rows = &KNOWN.module;
    let module = |row: Variable<'_>| {
        let variable = row.name.strip_suffix(".Type")?;
        let bare = row.bare.strip_suffix(".Type")?;
        if tree.get(&row.name) != Some(&rows.kind) {
            return None;
        }
        let titles = rows.names.iter().filter_map(|property| tree.property(variable, property));
        Some(Module {
            variable: variable.to_owned(),
            product: row.product.to_owned(),
            names: [bare].into_iter().chain(titles).filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            select: select(tree, variable),
        })
    };
    tree.rows().filter_map(module).collect()
}

/// Its own value where that is a yes or no, else what is said of its state.
fn select(tree: &Tree, variable: &str) -> Option<(String, String)> {
    if let Some(yes) = tree.get(variable).and_then(yes_like) {
        return Some((variable.to_owned(), yes));
    }
    let rows = &KNOWN.module;
    tree.property(variable, &rows.state)?;
    Some((format!("{variable}.{}", rows.state), rows.present.clone()))
}

/// The yes that goes with a yes or no, in the same spelling.
fn yes_like(value: &str) -> Option<String> {
    let pairs = [("true", "false"), ("yes", "no"), ("on", "off"), ("1", "0")];
    let (yes, _) =
        pairs.into_iter().find(|(yes, no)| [*yes, *no].iter().any(|word| value.eq_ignore_ascii_case(word)))?;
    let first = value.chars().next()?;
    Some(if value.len() > 1 && value.chars().all(|c| c.is_ascii_uppercase()) {
        yes.to_ascii_uppercase()
    } else if first.is_ascii_uppercase() {
        format!("{}{}", yes[..1].to_ascii_uppercase(), &yes[1..])
    } else {
        yes.to_owned()
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_yes_is_spelled_as_the_no_was() {
        for (value, yes) in [("false", "true"), ("TRUE", "TRUE"), ("No", "Yes"), ("0", "1"), ("OFF", "ON")] {
            assert_eq!(super::yes_like(value).as_deref(), Some(yes), "{value}");
        }
        for value in ["", "Installed", "2"] {
            assert_eq!(super::yes_like(value), None, "{value}");
        }
    }
}
