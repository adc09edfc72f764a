//! Variables that may hold a secret, with the ones that confirm them; and what must not be taken for what it seems.

use std::collections::HashMap;

use super::known::KNOWN;
use crate::installer::silent::{Rule, SilentError, Tree, Variable};

/// A variable that may hold a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its name in the tree.
    pub variable: String,
    /// The variable that confirms it.
    pub twin: Option<String>,
    /// Whether its value is encrypted; then only the installer can read it.
    pub encrypted: bool,
    /// The product whose file it stands in; empty for the master.
    pub product: String,
    /// Its name in its file.
    pub bare: String,
}

/// Every variable that calls itself a secret, in the tree's order. `plain` are those whose value is plain though it looks
/// encrypted.
///
/// # Errors
/// Every value that may be encrypted without saying so, every confirmation with another value, every unknown encryption:
/// of passwords too, since the installer would take them for what they are not.
pub(super) fn candidates(tree: &Tree, plain: &[String]) -> Result<Vec<Candidate>, Vec<SilentError>> {
    let variables: Vec<Variable<'_>> = tree.variables().collect();
    let twins = twins(&variables);
    let confirms: HashMap<usize, usize> = twins.iter().map(|(original, twin)| (*twin, *original)).collect();
    let mut problems = Vec::new();
    let mut found = Vec::new();
    for (index, variable) in variables.iter().enumerate() {
        if !KNOWN.password.fits(variable.bare) {
            continue;
        }
        let name = variable.name.as_ref();
        let format = tree.property(name, "Format").filter(|format| !format.is_empty());
        problems.extend(kept(tree, name, format, plain));
        match confirms.get(&index) {
            Some(original) => problems.extend(differs(tree, variables[*original].name.as_ref(), name)),
            None if KNOWN.secret.fits(variable.bare) => found.push(candidate(tree, &variables, &twins, index)),
            None => {}
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// A variable that people name as one that holds a secret, whatever it is called; `None` when there is none.
pub fn named(tree: &Tree, name: &str) -> Option<Candidate> {
    let variables: Vec<Variable<'_>> = tree.variables().collect();
    let index = variables.iter().position(|variable| variable.name == name)?;
    Some(candidate(tree, &variables, &twins(&variables), index))
}

fn candidate(tree: &Tree, variables: &[Variable<'_>], twins: &HashMap<usize, usize>, index: usize) -> Candidate {
    let variable = &variables[index];
    Candidate {
        variable: variable.name.clone().into_owned(),
        twin: twins.get(&index).map(|twin| variables[*twin].name.clone().into_owned()),
        encrypted: tree.property(&variable.name, "Format").is_some_and(|format| !format.is_empty()),
        product: variable.product.to_owned(),
        bare: variable.bare.to_owned(),
    }
}

/// Whether a value is what it says it is: an encrypted one without a word about it is told of, never taken for plain.
fn kept(tree: &Tree, name: &str, format: Option<&str>, plain: &[String]) -> Option<SilentError> {
    match format {
        Some(format) if KNOWN.formats.iter().any(|known| known == format) => None,
        Some(_) => {
            let row = format!("{name}.Format");
            let known = KNOWN.formats.join(", ");
            Some(SilentError { at: tree.value_at(&row)?, rule: Rule::UnknownFormat { name: row, known } })
        }
        None if plain.iter().any(|plain| plain == name) => None,
        None => KNOWN
            .encrypted
            .fits(tree.get(name)?)
            .then_some(())
            .and_then(|()| Some(SilentError { at: tree.value_at(name)?, rule: Rule::MaybeEncrypted(name.into()) })),
    }
}

fn differs(tree: &Tree, name: &str, twin: &str) -> Option<SilentError> {
    if tree.get(name) == tree.get(twin) && tree.property(name, "Format") == tree.property(twin, "Format") {
        return None;
    }
    let rule = Rule::TwinDiffers { name: name.into(), twin: twin.into(), line: tree.at(name)?.line };
    Some(SilentError { at: tree.value_at(twin)?, rule })
}

/// Which variable confirms which, by their places in the list: the same file, the same name with an ending.
fn twins(variables: &[Variable<'_>]) -> HashMap<usize, usize> {
    let places: HashMap<(&str, &str), usize> =
        variables.iter().enumerate().map(|(index, variable)| ((variable.product, variable.bare), index)).collect();
    let original = |variable: &Variable<'_>| {
        KNOWN.confirmations.iter().find_map(|ending| {
            let cut = variable.bare.len().checked_sub(ending.len())?;
            let (start, end) = variable.bare.split_at_checked(cut)?;
            let is_ending = end.eq_ignore_ascii_case(ending);
            places.get(&(variable.product, start.trim_end_matches('_'))).filter(|_| is_ending).copied()
        })
    };
    let found = variables.iter().enumerate().filter_map(|(twin, variable)| Some((original(variable)?, twin)));
    found.collect()
}
